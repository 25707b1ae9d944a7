//! Events among so many beside a number that is no share: whether the number is their record, and what is told then.

use crate::document::disclosure::Rule;
use crate::quantity::{TimeUnit, Unit};

/// How far a rate may lie from events among so many, relative to it: rounding to two figures.
const ROUNDING: f64 = 0.02;

/// What a rate may be per: people, or so many of them.
const PER: [f64; 6] = [1.0, 1e2, 1e3, 1e4, 1e5, 1e6];

/// The times that a rate and the people's time may be counted in.
const TIMES: [TimeUnit; 3] = [TimeUnit::Day, TimeUnit::Month, TimeUnit::Year];

/// What is told of events among so many, and of which others the same would be told.
#[derive(Debug, Clone, Copy)]
pub(super) struct Events {
    /// What stands for the events.
    pub used: f64,
    /// What stands for how many they are among.
    pub whole: f64,
    /// Whether either is withheld.
    pub is_withheld: bool,
    /// Whether the events are few.
    are_few: bool,
    /// The events for which the same stands: the least and the most.
    events: [f64; 2],
    /// The same of how many they are among.
    among: [f64; 2],
    rule: Rule,
}

impl Events {
    /// Of more than 0 events.
    pub fn of(recorded: f64, n: f64, rule: Rule) -> Events {
        let used = rule.used(recorded);
        let whole = rule.rounded(n.max(rule.below));
        let half = 0.5 * rule.round_to;
        let least_n = if whole - half > rule.below {
            whole - half
        } else {
            1.0
        };
        Events {
            used,
            whole,
            is_withheld: rule.is_small(recorded) || rule.is_small(n),
            are_few: rule.is_small(recorded),
            events: match rule.is_small(recorded) {
                true => [0.5, rule.below - 0.5],
                false => [(used - half).max(rule.below), used + half],
            },
            among: [least_n, whole + half],
            rule,
        }
    }

    /// Of how many they are, where the value does not say it: a number that follows from what is told of the events, since
    /// beside a value such as a mean length the true one may tell them.
    pub fn whole_unsaid(&self) -> f64 {
        self.rule.rounded(self.used.max(self.rule.below))
    }

    /// What stands for a value that is events among so many, times a scale; `None` where it is the author's own. Whether it
    /// is must not hang on the very counts: a value that is left alone would say that they are none of those that would
    /// have made it a record. So it is a record where it is that of any counts of which the same is told.
    pub fn value(&self, value: f64, unit: &Unit) -> Option<f64> {
        let scales = || scales(unit).into_iter();
        let is_between = |rate: f64, [least, most]: [f64; 2]| {
            rate >= least * (1.0 - ROUNDING) && rate <= most * (1.0 + ROUNDING)
        };
        let is_record = |scale: &f64| {
            let [least, most] = self.among;
            let bounds = self.events_at(*scale);
            bounds
                .into_iter()
                .any(|[low, high]| is_between(value / scale, [low / most, high / least]))
        };
        // Of several scales the one that changes the value least: the true counts may not choose.
        let told = scales()
            .filter(is_record)
            .map(|scale| self.used / self.whole * scale);
        let change = |told: &f64| (told / value).ln().abs();
        told.min_by(|a, b| change(a).total_cmp(&change(b)))
    }

    /// The events for which the same is told, from and to. Few of them are taken one by one where the scale is none of the
    /// unit's own: nearly every value lies between 1 and 4 of 40 times some scale.
    fn events_at(&self, scale: f64) -> Vec<[f64; 2]> {
        match scale != 1.0 && self.are_few {
            true => (1..self.rule.below as u32)
                .map(|events| [f64::from(events); 2])
                .collect(),
            false => vec![self.events],
        }
    }
}

/// By what events among so many may be multiplied in a value of this unit, the likeliest first.
fn scales(unit: &Unit) -> Vec<f64> {
    let time = match unit {
        Unit::Ratio => return PER.to_vec(),
        Unit::People | Unit::Count => return vec![1.0],
        Unit::PerPersonPerYear => TimeUnit::Year,
        Unit::Per(time) => *time,
        _ => return Vec::new(),
    };
    let others = TIMES.into_iter().filter(|other| *other != time);
    let between = others.map(|other| time.months() / other.months());
    PER.into_iter().chain(between).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: Rule = Rule {
        below: 5.0,
        round_to: 5.0,
    };

    #[test]
    fn a_rate_is_the_record_of_its_count_at_every_scale() {
        let month = Unit::Per(TimeUnit::Month);
        let cases = [
            (&Unit::Ratio, 1.0),
            (&Unit::Ratio, 1000.0),
            (&Unit::PerPersonPerYear, 12.0),
            (&month, 1.0 / 12.0),
            (&Unit::People, 1.0),
        ];
        for (unit, scale) in cases {
            for count in [1.0, 2.0, 3.0, 4.0] {
                let value = Events::of(count, 40.0, RULE).value(scale * count / 40.0, unit);
                assert_eq!(value, Some(2.5 / 40.0 * scale), "{count}, {unit}, {scale}");
            }
        }
        // To one figure it still tells the count.
        let rough = Events::of(3.0, 40.0, RULE).value(0.08, &Unit::Ratio);
        assert_eq!(rough, Some(2.5 / 40.0));
        let many = Events::of(23.0, 40.0, RULE).value(0.575, &Unit::Ratio);
        assert_eq!(many, Some(25.0 / 40.0));
    }

    #[test]
    fn another_value_is_the_authors_own_whatever_the_count() {
        let own = [
            (Unit::Time(TimeUnit::Month), 6.0),
            (Unit::Time(TimeUnit::Year), 0.075),
            (Unit::Gbp("order".into()), 1894.0),
            (Unit::HazardRatio, 1.4),
            (Unit::PerPersonPerYear, 1.5),
        ];
        for (unit, value) in own {
            for count in [1.0, 2.0, 3.0, 4.0, 23.0] {
                assert_eq!(Events::of(count, 40.0, RULE).value(value, &unit), None);
            }
        }
    }

    #[test]
    fn the_count_chooses_no_scale() {
        let rules = [(5.0, 5.0), (10.0, 10.0), (20.0, 20.0)];
        let units = [
            Unit::Ratio,
            Unit::PerPersonPerYear,
            Unit::Per(TimeUnit::Month),
            Unit::People,
        ];
        for (below, round_to) in rules {
            let rule = Rule { below, round_to };
            for (unit, n) in units
                .iter()
                .flat_map(|unit| [6.0, 20.0, 40.0, 60.0].map(|n| (unit, n)))
            {
                for step in 1..2000 {
                    let value = 1e-3 * 1.01_f64.powi(step % 1400);
                    let told = |count| Events::of(count, n, rule).value(value, unit);
                    let first = told(1.0);
                    for count in 2..below as u32 {
                        assert_eq!(told(f64::from(count)), first, "{value} {unit} {n} {below}");
                    }
                }
            }
        }
    }

    #[test]
    fn what_is_done_to_a_value_does_not_hang_on_the_count() {
        let mut n_records = 0;
        for step in 1..4000 {
            let value = 0.001 * f64::from(step);
            let told = |count| Events::of(count, 40.0, RULE).value(value, &Unit::Ratio);
            let three = told(3.0);
            n_records += u32::from(three.is_some());
            for count in [1.0, 2.0, 4.0] {
                assert_eq!(told(count), three, "{value}");
            }
        }
        assert!((100..2500).contains(&n_records), "{n_records}");
    }
}
