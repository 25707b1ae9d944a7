//! The hindcast of the shipped model beside what was published, as `needscast run scenarios/scotland.toml --fit` prints it.

use needscast::draw::draw;
use needscast::simulate::simulate;
use needscast::summarise::{Fit, FitLine, fit};

use crate::laws::shipped;

/// The fit of all of Scotland over eight draws. The mean of eight has a chance error of about 0.5% nationally, far below
/// the bounds, and of about half the published count's own Poisson error for a council.
fn scotland() -> Fit {
    let mut plan = shipped("scotland", 8);
    // Only the record matters here, so that the forecast is cut short.
    plan.end = plan.start.plus(24);
    fit(&plan, &simulate(&plan, &draw(&plan), &|| {}))
}

#[test]
fn scotland_meets_what_was_published_within_five_in_a_hundred_and_councils_within_twenty() {
    let fit = scotland();
    let last = |measure: &str| -> &FitLine {
        let mut lines = fit.headline.iter().filter(|line| line.measure == measure);
        lines
            .next_back()
            .unwrap_or_else(|| panic!("{measure} has no published year"))
    };
    let measures = [
        "prison_population",
        "people_convicted",
        "prison_arrivals",
        "cpo_orders_commenced",
        "reconviction_rate",
    ];
    let mut wrong = Vec::new();
    for measure in measures {
        for line in fit.headline.iter().filter(|line| line.measure == measure) {
            // A year after the model's own record, such as 2024-25, is a forecast and not a fit.
            if line.period.as_str() <= "2023-24" && line.relative_error.abs() > 0.05 {
                wrong.push(format!(
                    "{measure} {}: {:.0} published, {:.0} modelled",
                    line.period, line.recorded, line.modelled.mean
                ));
            }
        }
        assert!(
            last(measure).period.as_str() >= "2020-21",
            "{measure} ends in {}",
            last(measure).period
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));

    let councils: Vec<&FitLine> = fit
        .areas
        .iter()
        .filter(|line| line.measure == "prison_arrivals")
        .collect();
    assert_eq!(councils.len(), 32);
    let near = councils
        .iter()
        .filter(|line| line.relative_error.abs() <= 0.2)
        .count();
    assert!(near >= 28, "{near} of 32 councils within 20%");
    let verdict = fit
        .verdicts
        .iter()
        .find(|verdict| verdict.text.contains("of 32"))
        .unwrap();
    assert_eq!(
        verdict.exceptions.len(),
        32 - near,
        "every exception has its sentence"
    );
}
