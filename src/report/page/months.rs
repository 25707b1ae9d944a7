//! The gap month by month: who never starts with a service, and how many more places would do.

use super::super::Run;
use super::super::chart::{Line, TimeChart};
use super::super::number;
use super::mean_with_range;
use super::view::{Figure, Table};
use crate::quantity::{FinancialYear, Month};
use crate::summarise::{Estimate, reported_areas};

/// A figure for every service in one area under the comparator; none where months are not told.
pub(super) fn months(run: &Run, area: usize) -> Vec<Figure> {
    let services = 0..run.plan.services.len();
    services
        .filter_map(|service| Months::of(run, (area, service)))
        .map(|months| months.figure())
        .collect()
}

/// A service's months.
struct Months<'a> {
    run: &'a Run<'a>,
    area: usize,
    service: usize,
    /// Who never starts, by month of the layout.
    never: Vec<Estimate>,
}

impl Months<'_> {
    fn of<'a>(run: &'a Run<'a>, (area, service): (usize, usize)) -> Option<Months<'a>> {
        let layout = &run.forecast.layout;
        let breakdown = format!("service={}", run.plan.services[service].id);
        let series = layout.find_monthly("unmet_need", &breakdown)?;
        let at = |month| run.forecast.at(run.plan.comparator, area, series, month);
        let never: Vec<Estimate> = (0..layout.months.len()).map(at).collect();
        (!never.is_empty()).then_some(Months {
            run,
            area,
            service,
            never,
        })
    }

    /// The financial years that have months.
    fn years(&self) -> Vec<FinancialYear> {
        let months = self.run.forecast.layout.months.iter();
        let mut years: Vec<FinancialYear> = months.map(|month| month.financial_year()).collect();
        years.dedup();
        years
    }

    /// The mean over the months of a year of the people who never start.
    fn mean_of(&self, year: FinancialYear) -> f64 {
        let months = self.run.forecast.layout.months.iter().zip(&self.never);
        let means = months.filter(|(month, _)| month.financial_year() == year);
        let means: Vec<f64> = means.map(|(_, never)| never.mean).collect();
        means.iter().sum::<f64>() / means.len() as f64
    }

    fn title(&self) -> String {
        let people = |value: f64| number::about(value, "people");
        let service = &self.run.plan.services[self.service].title;
        let years = self.years();
        let (Some(first), Some(last)) = (years.first(), years.last()) else {
            return service.clone();
        };
        let (old, new) = (people(self.mean_of(*first)), people(self.mean_of(*last)));
        let most = self.most();
        match first == last {
            true => format!("{service}: about {old} people a month never start in {first}{most}"),
            false => format!(
                "{service}: about {old} people a month never start in {first}, and about {new} in {last}{most}"
            ),
        }
    }

    /// The month in which most never start.
    fn most(&self) -> String {
        let months = self.run.forecast.layout.months.iter().zip(&self.never);
        let most = months.max_by(|a, b| a.1.mean.total_cmp(&b.1.mean));
        most.map_or(String::new(), |(month, never)| {
            let people = number::about(never.mean, "people");
            format!("; the most in {month}, about {people}")
        })
    }

    fn figure(&self) -> Figure {
        let (run, title) = (self.run, self.title());
        let months = &run.forecast.layout.months;
        let periods: Vec<String> = months.iter().map(ToString::to_string).collect();
        let place = reported_areas(run.plan)[self.area];
        let id = format!(
            "months-{}-{}",
            place.code, run.plan.services[self.service].id
        );
        let description = format!(
            "Line chart by month, {} to {}. {title}. The table after the chart has every number.",
            periods[0],
            periods[periods.len() - 1]
        );
        let chart = TimeChart {
            id: &id,
            title: &title,
            description: &description,
            unit: "people",
            periods: &periods,
            start: None,
            lines: vec![Line {
                label: "Never start".to_owned(),
                style: 0,
                values: self.never.iter().map(|e| e.mean).collect(),
                bands: vec![
                    self.never.iter().map(|e| (e.p05, e.p95)).collect(),
                    self.never.iter().map(|e| (e.p25, e.p75)).collect(),
                ],
                outline: None,
            }],
        };
        let svg = chart.svg();
        let mut note = format!(
            "{}, {}. ",
            place.name,
            number::lower_first(&run.comparator_name())
        );
        if self.never.iter().any(Estimate::has_range) {
            note += "The line is the mean of the draws; the inner band holds half of them and the outer band nine in ten: single months are a matter of luck. ";
        }
        if chart.is_cut() {
            note += "The upright axis does not begin at zero. ";
        }
        note += "Every place, option and month is in gap_by_month.csv.";
        Figure {
            id,
            svg,
            note,
            table: self.table(),
            title,
        }
    }

    /// Two rows for each financial year: who never starts, and how many more places would do.
    fn table(&self) -> Table {
        const NAMES: [&str; 12] = [
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
            "January",
            "February",
            "March",
        ];
        let run = self.run;
        let caption = format!(
            "{}: the gap by month, means with 90% ranges in brackets, {}",
            run.plan.services[self.service].title,
            number::lower_first(&run.comparator_name())
        );
        let mut header = vec!["Year"];
        header.extend(NAMES);
        header.push("The whole year");
        let mut table = Table::new(caption, &header, 1);
        for year in self.years() {
            let what = [
                ("people who never start", "people"),
                ("more places that would do", "places"),
            ];
            for (what, unit) in what {
                let of_month = |month: i32| {
                    mean_with_range(&self.of_month(unit, year.first_month().plus(month)), unit)
                };
                let mut row = vec![format!("{year}: {what}")];
                row.extend((0..12).map(of_month));
                row.push(mean_with_range(&self.of_year(unit, year), unit));
                table.rows.push(row);
            }
        }
        table
    }

    /// People who never start, or places that are short.
    fn of_month(&self, unit: &str, month: Month) -> Estimate {
        let run = self.run;
        let months = &run.forecast.layout.months;
        let Some(at) = months.iter().position(|known| *known == month) else {
            return Estimate::NONE;
        };
        match unit {
            "people" => self.never[at],
            _ => {
                let outlook = &run.forecast.outlook;
                let (option, area) = (run.plan.comparator, self.area);
                outlook.month(option, area, self.service, at).more
            }
        }
    }

    /// The same of a year all of whose months are told.
    fn of_year(&self, unit: &str, year: FinancialYear) -> Estimate {
        let run = self.run;
        let layout = &run.forecast.layout;
        let months = layout.months.iter();
        let n_told = months
            .filter(|month| month.financial_year() == year)
            .count();
        let known = layout.years.iter().position(|known| *known == year);
        let Some(known) = known.filter(|_| n_told == 12) else {
            return Estimate::NONE;
        };
        let (option, area) = (run.plan.comparator, self.area);
        match unit {
            "people" => {
                let breakdown = format!("service={}", run.plan.services[self.service].id);
                run.estimate(option, area, "unmet_need", &breakdown, known)
            }
            _ => {
                run.forecast
                    .outlook
                    .places(option, area, self.service, known)
                    .more
            }
        }
    }
}
