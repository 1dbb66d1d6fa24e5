//! Measuring in turns: whatever else the machine does meets all sides alike.

use anyhow::Result;

/// What one side measured, a number a round.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series(Vec<f64>);

/// A median with the least and the most of all rounds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// The one in the middle.
    pub median: f64,
    /// The least.
    pub least: f64,
    /// The most.
    pub most: f64,
}

/// One side of a comparison: measures once.
pub type Side<'a> = Box<dyn FnMut() -> Result<f64> + 'a>;

/// Lets the sides measure in turns: A B A B …
pub fn alternate(rounds: u32, sides: &mut [Side<'_>]) -> Result<Vec<Series>> {
    let mut measured = vec![Series::default(); sides.len()];
    for _ in 0..rounds {
        for (side, series) in sides.iter_mut().zip(&mut measured) {
            series.push(side()?);
        }
    }
    Ok(measured)
}

impl Series {
    /// Adds a round.
    pub fn push(&mut self, value: f64) {
        self.0.push(value);
    }

    /// The median over all rounds.
    pub fn median(&self) -> f64 {
        self.spread().median
    }

    /// Median, least and most; zeros where nothing was measured.
    pub fn spread(&self) -> Spread {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let at = |place: usize| sorted.get(place).copied().unwrap_or_default();
        let last = sorted.len().saturating_sub(1);
        Spread { median: (at(last / 2) + at(last.div_ceil(2))) / 2.0, least: at(0), most: at(last) }
    }

    /// How often the other fits into this, round by round.
    pub fn over(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(ours, theirs)| ours / theirs).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sides_take_turns() {
        let order = std::cell::RefCell::new(Vec::new());
        let side = |name: f64| -> Side<'_> {
            let order = &order;
            Box::new(move || {
                order.borrow_mut().push(name);
                Ok(name)
            })
        };
        let measured = alternate(2, &mut [side(1.0), side(2.0)]).expect("nothing fails");
        assert_eq!(*order.borrow(), [1.0, 2.0, 1.0, 2.0]);
        assert_eq!(measured, [Series(vec![1.0, 1.0]), Series(vec![2.0, 2.0])]);
    }

    #[test]
    fn one_round_gone_wrong_does_not_move_the_median() {
        let spread = Series(vec![4.0, 2.0, 900.0]).spread();
        assert_eq!(spread, Spread { median: 4.0, least: 2.0, most: 900.0 });
        assert_eq!(Series(vec![1.0, 3.0]).median(), 2.0);
    }

    #[test]
    fn ratios_are_taken_round_by_round() {
        let (ours, bare) = (Series(vec![1.0, 30.0]), Series(vec![2.0, 40.0]));
        assert_eq!(ours.over(&bare), Series(vec![0.5, 0.75]));
    }
}
