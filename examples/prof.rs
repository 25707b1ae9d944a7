//! prof SCENARIO ROWS [N_OPTIONS]
use needscast::{compile, document, draw, simulate};
use std::time::Instant;
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let documents = document::read(std::path::Path::new(&a[1])).unwrap();
    let mut plan = compile::compile(&documents).unwrap();
    plan.n_draws = a[2].parse::<usize>().unwrap();
    let mut todo = vec![plan.options.len()];
    if a.len() > 3 {
        todo = a[3..].iter().map(|s| s.parse().unwrap()).collect();
        let base = plan.options[0].clone();
        // each one service in one area
        let mut options = vec![base.clone()];
        for service in 0..plan.services.len() {
            for area in 0..plan.areas.len() {
                let mut o = base.clone();
                o.id = format!("o{service}-{area}");
                o.differs_from = Some(plan.start.plus(12));
                o.changes.push(compile::Change {
                    from: plan.start.plus(12),
                    target: compile::Target::Quantity(plan.services[service].places),
                    area: Some(vec![area]),
                    sex: None,
                    age: None,
                    priors: None,
                    operation: compile::Operation::Multiply(1.5),
                    reaches_everyone: false,
                    source: String::new(),
                    words: String::new(),
                });
                options.push(o);
            }
        }
        for k in 0..3 {
            let mut o = options[1 + k].clone();
            o.changes[0].area = None;
            o.id = format!("all{k}");
            options.push(o);
        }
        options.truncate(16);
        plan.options = options;
        plan.comparator = 0;
    }
    let all = plan.clone();
    let draws = draw::draw(&plan);
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .unwrap();
    for rep in 0..2 {
        for &n in &todo {
            let mut plan = all.clone();
            plan.options.truncate(n.max(1));
            let t = Instant::now();
            pool.install(|| simulate::simulate(&plan, &draws, &|| {}));
            let ns = t.elapsed().as_nanos() as f64 / draws.n_rows() as f64;
            let events = simulate::person_events(&plan, &draws, 1);
            println!(
                "rep {rep} options {n}: {:.1} ms/row, {} events in row 1, {:.1} ns/event",
                ns / 1e6,
                events,
                ns / events as f64
            );
        }
    }
}
