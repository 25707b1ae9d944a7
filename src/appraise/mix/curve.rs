//! What one site adds: gain and cost by its places, all other sites being as they are, with straight lines between the
//! numbers of places that were tried.

/// A number of places that was tried, and what it comes to, less what the present number does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Knot {
    pub places: u32,
    pub gain: f64,
    pub cost: f64,
}

/// Gain and cost of a site by its places; nothing at the present number.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Curve {
    knots: Vec<Knot>,
}

impl Curve {
    /// Through these knots, in any order, at least one.
    pub fn new(mut knots: Vec<Knot>) -> Curve {
        knots.sort_by_key(|knot| knot.places);
        knots.dedup_by_key(|knot| knot.places);
        Curve { knots }
    }

    /// The numbers of places tried.
    pub fn tried(&self) -> impl Iterator<Item = u32> + '_ {
        self.knots.iter().map(|knot| knot.places)
    }

    /// Gain and cost of a number of places; beyond the last knot as there.
    pub fn at(&self, places: u32) -> Knot {
        let after = self.knots.partition_point(|knot| knot.places < places);
        let right = self.knots[after.min(self.knots.len() - 1)];
        let left = self.knots[after.saturating_sub(1).min(self.knots.len() - 1)];
        if right.places <= left.places || places >= right.places {
            return Knot { places, ..right };
        }
        if places <= left.places {
            return Knot { places, ..left };
        }
        let share = f64::from(places - left.places) / f64::from(right.places - left.places);
        Knot {
            places,
            gain: left.gain + share * (right.gain - left.gain),
            cost: left.cost + share * (right.cost - left.cost),
        }
    }

    /// The same, told from another number of places.
    pub fn seen_from(&self, places: u32) -> Curve {
        let here = self.at(places);
        let mut knots: Vec<Knot> = self.knots.iter().map(|knot| less(*knot, here)).collect();
        knots.push(less(here, here));
        Curve::new(knots)
    }

    /// Gains and costs times these.
    pub fn scale(&mut self, (gain, cost): (f64, f64)) {
        for knot in &mut self.knots {
            knot.gain *= gain;
            knot.cost *= cost;
        }
    }

    /// What has been tried anew takes the place of what was known there; what lies beyond moves along with the ends.
    /// The present number is among what is new.
    pub fn learn(&mut self, mut new: Vec<Knot>) {
        new.sort_by_key(|knot| knot.places);
        let (Some(&first), Some(&last)) = (new.first(), new.last()) else {
            return;
        };
        let (left, right) = (self.at(first.places), self.at(last.places));
        let moved = |knot: Knot, from: Knot, to: Knot| Knot {
            places: knot.places,
            gain: knot.gain - from.gain + to.gain,
            cost: knot.cost - from.cost + to.cost,
        };
        let before = self.knots.iter().filter(|knot| knot.places < first.places);
        let after = self.knots.iter().filter(|knot| knot.places > last.places);
        let mut knots: Vec<Knot> = before.map(|knot| moved(*knot, left, first)).collect();
        knots.extend(&new);
        knots.extend(after.map(|knot| moved(*knot, right, last)));
        *self = Curve::new(knots);
    }
}

fn less(knot: Knot, here: Knot) -> Knot {
    Knot {
        places: knot.places,
        gain: knot.gain - here.gain,
        cost: knot.cost - here.cost,
    }
}

/// By what a sum has changed; hardly at all where there was none, and never beyond double or half.
pub(super) fn ratio(after: f64, before: f64) -> f64 {
    match before.abs() > 1e-9 * after.abs() {
        true => (after / before).clamp(0.5, 2.0),
        false => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn knot(places: u32, gain: f64, cost: f64) -> Knot {
        Knot { places, gain, cost }
    }

    #[test]
    fn lines_join_what_was_tried_and_go_on_level() {
        let curve = Curve::new(vec![knot(10, 5.0, 20.0), knot(0, 0.0, 0.0)]);
        assert_eq!(curve.at(4), knot(4, 2.0, 8.0));
        assert_eq!(curve.at(0), knot(0, 0.0, 0.0));
        assert_eq!(curve.at(10), knot(10, 5.0, 20.0));
        assert_eq!(curve.at(99), knot(99, 5.0, 20.0));
        assert_eq!(curve.seen_from(4).at(10), knot(10, 3.0, 12.0));
        assert_eq!(curve.seen_from(4).at(0), knot(0, -2.0, -8.0));
    }

    #[test]
    fn what_is_new_moves_what_lies_beyond() {
        let mut curve = Curve::new(vec![
            knot(0, -4.0, -8.0),
            knot(4, 0.0, 0.0),
            knot(8, 2.0, 8.0),
        ]);
        curve.learn(vec![
            knot(3, -2.0, -2.0),
            knot(4, 0.0, 0.0),
            knot(6, 3.0, 4.0),
        ]);
        assert_eq!(curve.at(3), knot(3, -2.0, -2.0));
        assert_eq!(curve.at(6), knot(6, 3.0, 4.0));
        // From 6 to 8 the old curve rose by 1 and cost 4; from 3 down to 0 it fell by 3 and saved 6.
        assert_eq!(curve.at(8), knot(8, 4.0, 8.0));
        assert_eq!(curve.at(0), knot(0, -5.0, -8.0));
    }

    #[test]
    fn a_sum_changes_by_a_half_or_to_its_double_at_most() {
        assert_eq!(ratio(3.0, 2.0), 1.5);
        assert_eq!(ratio(-3.0, -4.0), 0.75);
        assert_eq!(ratio(9.0, 2.0), 2.0);
        assert_eq!(ratio(1.0, 4.0), 0.5);
        // What has turned to its opposite is as far off as can be said.
        assert_eq!(ratio(-1.0, 4.0), 0.5);
        assert_eq!((ratio(1.0, 0.0), ratio(0.0, 0.0)), (1.0, 1.0));
    }
}
