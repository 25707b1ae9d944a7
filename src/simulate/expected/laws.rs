//! The kernels of everybody who enters a state in a step, and the curves of a clock that starts in it.

use std::ops::Range;
use std::sync::Arc;

use super::kernel::Kernel;
use super::shape::Shape;

/// A chance for every value of a place.
pub(super) type Rows<N> = Vec<N>;

/// A stretch of the values of a place that shares a kernel.
#[derive(Debug, Clone)]
pub(super) struct Run {
    /// From and to.
    pub range: Range<usize>,
    /// What becomes of them.
    pub kernel: Arc<Kernel>,
}

/// The part of a run that has one number of previous convictions.
#[derive(Debug, Clone, Copy)]
pub(super) struct Segment {
    /// The first value.
    pub start: usize,
    /// How many.
    pub n: usize,
    /// Where its sum over previous convictions stands.
    pub sum: usize,
}

impl Segment {
    /// Its values.
    pub fn range(&self) -> Range<usize> {
        self.start..self.start + self.n
    }

    /// Its sums over previous convictions.
    pub fn sums(&self) -> Range<usize> {
        self.sum..self.sum + self.n
    }
}

/// Sums over the previous convictions of lanes that share a kernel.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sum {
    /// Index of the run.
    pub run: usize,
    /// The first lane.
    pub lane: usize,
    /// The first of the sums.
    pub start: usize,
    /// How many.
    pub n: usize,
}

/// The kernels of everybody who enters a state in a step.
#[derive(Debug)]
pub(super) struct Laws {
    /// Stretches, in order, without gaps.
    pub runs: Vec<Run>,
    /// The same, cut by previous convictions.
    pub segments: Vec<Segment>,
    /// What is summed over previous convictions.
    pub sums: Vec<Sum>,
    /// How many sums.
    pub n_sums: usize,
    /// After this many months nobody is left.
    pub months: usize,
    /// Whether somebody's stay rounds to no month at all.
    pub some_pass: bool,
}

impl Laws {
    /// The laws that give each number of previous convictions and lane its kernel.
    pub fn new(shape: &Shape, mut kernel_of: impl FnMut(usize, usize) -> Arc<Kernel>) -> Laws {
        let mut laws = Laws {
            runs: Vec::new(),
            segments: Vec::new(),
            sums: Vec::new(),
            n_sums: 0,
            months: 0,
            some_pass: false,
        };
        for row in &shape.rows {
            let mut offset = 0;
            while offset < shape.width {
                let kernel = kernel_of(row.number, row.lane + offset);
                let from = offset;
                offset += 1;
                while offset < shape.width
                    && Arc::ptr_eq(&kernel, &kernel_of(row.number, row.lane + offset))
                {
                    offset += 1;
                }
                laws.add(&kernel, row, from..offset);
            }
        }
        let kernels = || laws.runs.iter().map(|run| &run.kernel);
        laws.months = kernels().map(|kernel| kernel.months()).max().unwrap_or(0);
        laws.some_pass = kernels().any(|kernel| kernel.ends[0] != 0.0);
        laws
    }

    fn add(&mut self, kernel: &Arc<Kernel>, row: &super::shape::Row, offsets: Range<usize>) {
        let (start, n) = (row.start + offsets.start, offsets.len());
        match self.runs.last_mut() {
            Some(last) if Arc::ptr_eq(&last.kernel, kernel) => last.range.end = start + n,
            _ => self.runs.push(Run {
                range: start..start + n,
                kernel: kernel.clone(),
            }),
        }
        let (run, lane) = (self.runs.len() - 1, row.lane + offsets.start);
        let is_same = |sum: &&Sum| {
            sum.lane == lane && sum.n == n && Arc::ptr_eq(&self.runs[sum.run].kernel, kernel)
        };
        let sum = match self.sums.iter().find(is_same) {
            Some(known) => known.start,
            None => {
                let start = self.n_sums;
                self.sums.push(Sum {
                    run,
                    lane,
                    start,
                    n,
                });
                self.n_sums += n;
                start
            }
        };
        self.segments.push(Segment { start, n, sum });
    }

    /// Whether everybody has the same kernel in both.
    pub fn is_same(&self, other: &Laws) -> bool {
        let mut pairs = self.runs.iter().zip(&other.runs);
        self.runs.len() == other.runs.len()
            && pairs.all(|(a, b)| a.range == b.range && Arc::ptr_eq(&a.kernel, &b.kernel))
    }

    /// The kernel of one value.
    pub fn kernel(&self, at: usize) -> &Arc<Kernel> {
        &self.run(at).kernel
    }

    /// The run of one value.
    pub fn run(&self, at: usize) -> &Run {
        &self.runs[self.runs.partition_point(|run| run.range.end <= at)]
    }
}

/// The chance that a clock has not fired, by months since it started.
#[derive(Debug)]
pub(super) struct Curves<N> {
    /// By months, from none to the longest, for every value of a place.
    pub survival: Vec<Rows<N>>,
    /// The months after which it ends, for every value of a place.
    pub last: Vec<usize>,
    /// Whether nobody's has fired at the start.
    pub begins_whole: bool,
}
