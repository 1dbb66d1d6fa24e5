//! From the start of the process to its being ready: with an empty data folder, and with what that start left there.

use std::{path::Path, time::Instant};

use anyhow::Result;

use crate::{
    rounds::Series,
    setting::Setting,
    sites,
    table::{Part, Row},
};

/// Measures both in turns.
pub fn measure(setting: &Setting) -> Result<Part> {
    let (mut first, mut second) = (Series::default(), Series::default());
    for _ in 0..setting.pace.choose(10, 4) {
        let folder = tempfile::tempdir_in(setting.scratch()?)?;
        first.push(milliseconds(setting, folder.path())?);
        second.push(milliseconds(setting, folder.path())?);
    }
    let said = |series: &Series| {
        let spread = series.spread();
        format!("{:.0} ms ({:.0} … {:.0})", spread.median, spread.least, spread.most)
    };
    let rows = vec![
        Row::new("first, with an empty data folder", said(&first)),
        Row::new("second", said(&second)).at_most(second.median(), 150.0, "150 ms"),
    ];
    Ok(Part { title: "Start of the demo until it is ready".to_owned(), rows })
}

fn milliseconds(setting: &Setting, data: &Path) -> Result<f64> {
    let begun = Instant::now();
    sites::demo(setting, data)?.wait_until_ready()?;
    Ok(begun.elapsed().as_secs_f64() * 1e3)
}
