//! Which numbers a trajectory holds, and where each stands.

use crate::compile::{Account, Better, Plan, need_sets};
use crate::quantity::{FinancialYear, Month, TimeUnit};

/// One series: a measure and its breakdown.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// The measure's id.
    pub measure: String,
    /// For people.
    pub title: String,
    /// Empty, or `key=value`.
    pub breakdown: String,
    /// Of the number.
    pub unit: String,
    /// Which way is better.
    pub better: Better,
    /// Whether the periods are months of the forecast instead of financial years of the whole run.
    pub is_monthly: bool,
    /// Whether yearly values add up over years (a flow), or not (a stock, a share, a wait).
    pub is_flow: bool,
    /// What the appraisal needs beside the years, month by month where steps are shorter than years; no answer of its own.
    pub account: Option<Account>,
    /// Where its first period stands within an area.
    pub offset: usize,
    /// How many periods.
    pub n_periods: usize,
}

/// The layout of a trajectory: `[option][area, then the total][slot]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// Every series.
    pub series: Vec<Series>,
    /// Whole financial years from the run's beginning to its end.
    pub years: Vec<FinancialYear>,
    /// The months of the forecast.
    pub months: Vec<Month>,
    /// Options.
    pub n_options: usize,
    /// Areas, and one more for their sum when there are several.
    pub n_areas: usize,
    /// Slots of one area of one option.
    pub n_slots: usize,
}

impl Layout {
    /// The layout of a plan's trajectories.
    pub fn of(plan: &Plan) -> Layout {
        // Of a year that is one step no month can be told.
        let n_months = match plan.step {
            TimeUnit::Year => 0,
            TimeUnit::Day | TimeUnit::Month => plan.end.since(plan.start),
        };
        let months: Vec<_> = (0..n_months).map(|m| plan.start.plus(m)).collect();
        let mut layout = Layout {
            series: Vec::new(),
            years: plan.whole_years(),
            months,
            n_options: plan.options.len(),
            n_areas: if plan.areas.len() > 1 {
                plan.areas.len() + 1
            } else {
                1
            },
            n_slots: 0,
        };
        layout.add_measures(plan);
        layout.add_needs(plan);
        layout.add_clock(plan);
        layout.add_services(plan);
        layout.add_groups(plan);
        layout
    }

    fn add(&mut self, series: Series) {
        let n_periods = if series.is_monthly {
            self.months.len()
        } else {
            self.years.len()
        };
        self.series.push(Series {
            offset: self.n_slots,
            n_periods,
            ..series
        });
        self.n_slots += n_periods;
    }

    fn add_measures(&mut self, plan: &Plan) {
        for measure in &plan.measures {
            let series = Series {
                measure: measure.id.clone(),
                title: measure.title.clone(),
                breakdown: String::new(),
                unit: measure.unit.clone(),
                better: measure.better,
                is_monthly: false,
                is_flow: !matches!(measure.counts, crate::compile::Counts::Stock(_)),
                account: None,
                offset: 0,
                n_periods: 0,
            };
            self.add(series.clone());
            if measure.is_monthly {
                self.add(Series {
                    is_monthly: true,
                    ..series.clone()
                });
            }
            for account in plan.accounts(measure) {
                self.add(Series {
                    account: Some(account),
                    breakdown: account.breakdown().to_owned(),
                    is_monthly: !self.months.is_empty(),
                    ..series.clone()
                });
            }
        }
    }

    fn add_needs(&mut self, plan: &Plan) {
        for need in &plan.needs {
            let series = Series {
                title: format!(
                    "People arising with the need: {}",
                    need.title.to_lowercase()
                ),
                ..flow(
                    "need_arising",
                    &format!("need={}", need.id),
                    "people",
                    Better::Neither,
                )
            };
            self.add(series.clone());
            self.add(Series {
                is_monthly: true,
                ..series
            });
        }
        if !plan.needs.is_empty() {
            for n in 0..=plan.needs.len() {
                let title = format!("People arising with {n} needs");
                let breakdown = format!("needs={n}");
                self.add(Series {
                    title,
                    ..flow(
                        "people_by_number_of_needs",
                        &breakdown,
                        "people",
                        Better::Neither,
                    )
                });
            }
            for set in need_sets(&plan.needs) {
                let title = format!("People arising with exactly these needs: {set}");
                let breakdown = format!("needs={set}");
                self.add(Series {
                    title,
                    ..flow("people_by_needs", &breakdown, "people", Better::Neither)
                });
            }
        }
    }

    fn add_clock(&mut self, plan: &Plan) {
        if plan.clock.is_some() {
            let title = "People with an index conviction in the year".to_owned();
            self.add(Series {
                title,
                ..flow("reconviction_cohort", "", "people", Better::Neither)
            });
            let title =
                "Share of the year's cohort reconvicted within the published time".to_owned();
            self.add(Series {
                title,
                ..level("reconviction_rate", "", "share", Better::Lower)
            });
            self.add(Series {
                title: "Deaths among people in the model".to_owned(),
                ..flow("deaths", "", "people", Better::Lower)
            });
        }
    }

    fn add_services(&mut self, plan: &Plan) {
        for service in &plan.services {
            let breakdown = format!("service={}", service.id);
            for &(id, unit, better, title, is_flow, is_monthly) in SERVICE_MEASURES {
                let make = if is_flow { flow } else { level };
                let series = Series {
                    title: format!("{}: {title}", service.title),
                    ..make(id, &breakdown, unit, better)
                };
                self.add(series.clone());
                if is_monthly {
                    self.add(Series {
                        is_monthly: true,
                        ..series
                    });
                }
            }
        }
    }

    /// What each service does for each sex and each age band.
    fn add_groups(&mut self, plan: &Plan) {
        let sexes = plan.strata.sexes.iter().map(|sex| ("sex", sex));
        let ages = plan.strata.ages.iter().map(|band| ("age", &band.id));
        let groups: Vec<(&str, &String)> = sexes.chain(ages).collect();
        for service in &plan.services {
            for (key, group) in &groups {
                for &(id, better, title) in GROUP_MEASURES {
                    let breakdown = format!("service={};{key}={group}", service.id);
                    let title = format!("{}: {title}, {group}", service.title);
                    self.add(Series {
                        title,
                        ..flow(id, &breakdown, "people", better)
                    });
                }
            }
        }
    }

    /// The same layout with these series alone; the others keep their place in [`Layout::series`] and have no periods.
    pub fn thinned(&self, is_kept: impl Fn(&Series) -> bool) -> Layout {
        let mut thin = Layout {
            n_slots: 0,
            ..self.clone()
        };
        for series in &mut thin.series {
            series.offset = thin.n_slots;
            if !is_kept(series) {
                series.n_periods = 0;
            }
            thin.n_slots += series.n_periods;
        }
        thin
    }

    /// The values that a thinned layout keeps of a trajectory with this one.
    pub fn thin<N: Copy>(&self, values: &[N], thin: &Layout) -> Vec<N> {
        let mut kept = Vec::with_capacity(thin.n_values());
        for option in 0..self.n_options {
            for area in 0..self.n_areas {
                for (index, series) in thin.series.iter().enumerate() {
                    let first = self.at(option, area, index, 0);
                    kept.extend_from_slice(&values[first..first + series.n_periods]);
                }
            }
        }
        kept
    }

    /// The position of a slot in a trajectory's values; `period` counts years or months within the series.
    pub fn at(&self, option: usize, area: usize, series: usize, period: usize) -> usize {
        (option * self.n_areas + area) * self.n_slots + self.series[series].offset + period
    }

    /// How many values a trajectory has.
    pub fn n_values(&self) -> usize {
        self.n_options * self.n_areas * self.n_slots
    }

    /// The index of a series by year, by measure and breakdown.
    pub fn find(&self, measure: &str, breakdown: &str) -> Option<usize> {
        self.series
            .iter()
            .position(|s| !s.is_monthly && s.measure == measure && s.breakdown == breakdown)
    }

    /// The index of a series by month, where its months are told.
    pub fn find_monthly(&self, measure: &str, breakdown: &str) -> Option<usize> {
        let twin = self.find(measure, breakdown)? + 1;
        let is_monthly = |twin: &Series| twin.is_monthly && twin.account.is_none();
        self.series
            .get(twin)
            .is_some_and(is_monthly)
            .then_some(twin)
    }

    /// The index of an account of a yearly series, where it is kept.
    pub fn account(&self, series: usize, account: Account) -> Option<usize> {
        let name = &self.series[series].measure;
        let twins = self.series.iter().enumerate().skip(series + 1);
        let mut twins = twins.take_while(|(_, twin)| twin.measure == *name);
        let found = twins.find(|(_, twin)| twin.account == Some(account) && twin.n_periods > 0);
        found.map(|(index, _)| index)
    }

    /// The periods of a series within a year, each with its first month.
    pub fn periods_in(&self, series: usize, year: usize) -> Vec<(usize, Month)> {
        let of = self.years[year];
        if !self.series[series].is_monthly {
            return vec![(year, of.first_month())];
        }
        let months = self.months.iter().copied().enumerate();
        months
            .filter(|(_, month)| month.financial_year() == of)
            .collect()
    }

    /// The name of a period of a series: a financial year or a month.
    pub fn period_name(&self, series: usize, period: usize) -> String {
        if self.series[series].is_monthly {
            self.months[period].to_string()
        } else {
            self.years[period].to_string()
        }
    }
}

fn flow(measure: &str, breakdown: &str, unit: &str, better: Better) -> Series {
    Series {
        is_flow: true,
        ..level(measure, breakdown, unit, better)
    }
}

fn level(measure: &str, breakdown: &str, unit: &str, better: Better) -> Series {
    Series {
        measure: measure.to_owned(),
        title: String::new(),
        breakdown: breakdown.to_owned(),
        unit: unit.to_owned(),
        better,
        is_monthly: false,
        is_flow: false,
        account: None,
        offset: 0,
        n_periods: 0,
    }
}

/// What every service reports: id, unit, which way is better, title, whether it is a flow, whether months are kept.
pub(crate) const SERVICE_MEASURES: &[(&str, &str, Better, &str, bool, bool)] = &[
    (
        "referrals",
        "people",
        Better::Neither,
        "people referred who join the queue",
        true,
        false,
    ),
    (
        "declined",
        "people",
        Better::Lower,
        "people with the need who do not take it up",
        true,
        false,
    ),
    (
        "starts",
        "people",
        Better::Higher,
        "people who start",
        true,
        false,
    ),
    (
        "completions",
        "people",
        Better::Higher,
        "people who complete",
        true,
        false,
    ),
    (
        "needs_met",
        "people",
        Better::Higher,
        "people whose need is met",
        true,
        false,
    ),
    (
        "gave_up",
        "people",
        Better::Lower,
        "people who give up waiting",
        true,
        false,
    ),
    (
        "dropped_out",
        "people",
        Better::Lower,
        "people who leave the queue or support for another reason",
        true,
        false,
    ),
    (
        "waiting",
        "people",
        Better::Lower,
        "people waiting at the month's end",
        false,
        true,
    ),
    (
        "in_support",
        "people",
        Better::Higher,
        "people in support at the month's end",
        false,
        true,
    ),
    ("places", "places", Better::Neither, "places", false, true),
    (
        "occupancy",
        "share",
        Better::Neither,
        "share of places in use",
        false,
        false,
    ),
    (
        "unmet_need",
        "people",
        Better::Lower,
        "people with the need who never start",
        true,
        true,
    ),
    (
        "wait_months_mean",
        "months",
        Better::Lower,
        "mean wait of those who start",
        false,
        false,
    ),
    (
        "wait_months_p50",
        "months",
        Better::Lower,
        "median wait of those who start",
        false,
        false,
    ),
    (
        "wait_months_p90",
        "months",
        Better::Lower,
        "wait that nine in ten who start do not exceed",
        false,
        false,
    ),
    (
        "share_who_wait",
        "share",
        Better::Lower,
        "share of those who start who wait at all",
        false,
        false,
    ),
];

/// What every service reports by sex and by age band, in the order of the counters: id, which way is better, title.
pub(crate) const GROUP_MEASURES: &[(&str, Better, &str)] = &[
    (
        "group_need",
        Better::Neither,
        "people with the need who could be referred",
    ),
    (
        "group_needs_met",
        Better::Higher,
        "people whose need is met",
    ),
    (
        "group_unmet_need",
        Better::Lower,
        "people with the need who never start",
    ),
];
