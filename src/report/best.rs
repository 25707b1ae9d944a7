//! Which option does best on what: `best.csv`.

use super::Run;
use super::csv::Csv;

/// Every criterion and option, with the share of draws in which the option is best; nothing where there is no choice,
/// or no draw to tell by.
pub(super) fn table(run: &Run) -> Option<Vec<u8>> {
    if run.appraisal.best.is_empty() || run.forecast.n_draws == 0 {
        return None;
    }
    let mut table = Csv::new(&["criterion", "title", "option", "probability_best"]);
    for best in &run.appraisal.best {
        for (option, probability) in run.plan.options.iter().zip(&best.probability) {
            let words = [&best.measure, &best.title, &option.id];
            table.row(words, [*probability]);
        }
    }
    Some(table.into_bytes())
}
