//! The reconviction cohorts: who is convicted for the first time in a year, and who of them is reconvicted in time.

use super::counters::{Counters, is_followed};
use super::crowd::{Crowd, Month, Role, Starts};
use super::precision::Number;
use crate::simulate::Layout;

/// Those who have been convicted in a cohort's year, and those who have not been reconvicted since.
#[derive(Clone)]
pub(super) struct Cohorts<N> {
    /// The year, and who has been convicted in it.
    tagged: (Option<usize>, Crowd<N>),
    followed: Vec<Following<N>>,
}

/// People whose index conviction was in one step, or in several of a year.
#[derive(Clone)]
struct Following<N> {
    year: usize,
    /// The last of the steps.
    last: i32,
    crowd: Crowd<N>,
}

impl<N: Number> Cohorts<N> {
    /// Nobody yet.
    pub fn new(tagged: Crowd<N>) -> Cohorts<N> {
        Cohorts {
            tagged: (None, tagged),
            followed: Vec::new(),
        }
    }

    /// Every crowd of them.
    pub fn crowds(&mut self) -> impl Iterator<Item = &mut Crowd<N>> {
        let followed = self
            .followed
            .iter_mut()
            .map(|following| &mut following.crowd);
        std::iter::once(&mut self.tagged.1).chain(followed)
    }

    /// Lives a step after everybody has moved; `all` is who has started the clock in it.
    pub fn live(
        &mut self,
        month: &Month<N>,
        layout: &Layout,
        (year, all): (Option<usize>, &Starts<N>),
        counters: &mut Counters,
    ) {
        let within = month.plan.clock.as_ref().map_or(0.0, |clock| clock.within);
        self.followed
            .retain(|following| f64::from(month.now - following.last) <= within);
        for following in &mut self.followed {
            if year.is_some_and(|year| year != following.year) {
                // Whoever starts the clock from here on joins another cohort.
                let held = &month.program.held;
                following
                    .crowd
                    .clear(|place| held[place].kind.clock.is_none());
            }
            following.crowd.release(month, counters);
            following.crowd.settle(month, year, counters);
        }
        let (of_year, tagged) = &mut self.tagged;
        if year.is_some() && *of_year != year {
            tagged.clear(|_| true);
            *of_year = year;
        }
        tagged.release(month, counters);
        let Some(year) = year else {
            return tagged.settle(month, None, counters);
        };
        for (&held, people) in all {
            tagged.keep(month, held, 0, people.clone());
        }
        tagged.settle(month, Some(year), counters);
        let new = difference(all, &tagged.starts);
        self.follow(month, layout, (year, new), counters);
    }

    fn follow(
        &mut self,
        month: &Month<N>,
        layout: &Layout,
        (year, new): (usize, Starts<N>),
        counters: &mut Counters,
    ) {
        for people in new.values() {
            for row in &month.shape.rows {
                for offset in 0..month.shape.width {
                    let area = month.lanes[row.lane + offset].area;
                    counters.index(area, year, people[row.start + offset].exact());
                }
            }
        }
        if !is_followed(month.plan, layout, year) {
            return;
        }
        // Where much is approximate a year is followed together: in time is then since the last start of the clock.
        let last = self.followed.last();
        if last.is_none_or(|last| !month.shape.is_coarse || last.year != year) {
            self.followed.push(Following {
                year,
                last: month.now,
                crowd: Crowd::new(month.program, Role::Followed(year)),
            });
        }
        if let Some(following) = self.followed.last_mut() {
            following.last = month.now;
            for (held, people) in new {
                following.crowd.keep(month, held, 0, people);
            }
            following.crowd.settle(month, Some(year), counters);
        }
    }
}

/// Those of the first who are not among the second.
fn difference<N: Number>(all: &Starts<N>, some: &Starts<N>) -> Starts<N> {
    let mut left = all.clone();
    for (held, people) in some {
        if let Some(all) = left.get_mut(held) {
            for (left, people) in all.iter_mut().zip(people) {
                *left = (*left - *people).or_nought();
            }
        }
    }
    left
}
