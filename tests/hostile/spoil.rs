//! A file to a wrong one: by line, by value, by column, by byte; or bytes that were never a file.

use super::chance::Chance;
use super::words::Words;

/// The longest file that is tried; a reader's work grows with length, and what is wrong is found in short ones.
const LONGEST: usize = 1 << 16;

/// One to three changes, each by a way that is drawn.
pub fn spoil(bytes: &[u8], words: &Words, chance: &mut Chance) -> Vec<u8> {
    if chance.once_in(50) {
        return nonsense(words, chance);
    }
    let mut bytes = bytes.to_vec();
    for _ in 0..=chance.below(3) {
        bytes = match chance.below(10) {
            0 | 1 => by_byte(bytes, chance),
            2..=4 => by_line(&bytes, words, chance),
            _ => by_value(&bytes, words, chance),
        };
    }
    bytes.truncate(LONGEST);
    bytes
}

/// Changes of a file that is no text: bytes, lengths and whole pieces.
pub fn spoil_binary(bytes: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=chance.below(4) {
        // A footer says where everything stands, so that it is worth half of the changes.
        let n = bytes.len();
        let within = if chance.once_in(2) { n.min(3000) } else { n };
        let at = n.saturating_sub(1 + chance.below(within));
        match chance.below(9) {
            0 => bytes.truncate(at),
            1 if n > 0 => bytes[at] = chance.next() as u8,
            2 if n > 0 => bytes[at] ^= 1 << chance.below(8),
            3 if n > 0 => bytes[at] = *chance.of(&[0, 1, 0x7f, 0x80, 0xff]),
            4 => {
                let piece = chance.next().to_le_bytes();
                bytes.splice(at..(at + 1 + chance.below(8)).min(n), piece);
            }
            5 => {
                // Numbers of variable length at their ends.
                let long = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
                let length = 1 + chance.below(10);
                let to = (at + length).min(n);
                bytes.splice(at..to, long[..to - at].to_vec());
            }
            6 => {
                let (from, length) = (chance.below(n), chance.below(200));
                let piece = bytes[from..(from + length).min(n)].to_vec();
                bytes.splice(at..at.min(n), piece);
            }
            7 => {
                bytes.drain(at..(at + chance.below(200)).min(n));
            }
            _ => {
                let (from, length) = (chance.below(n), chance.below(64));
                let piece = bytes[from..(from + length).min(n)].to_vec();
                bytes.splice(at..(at + piece.len()).min(n), piece);
            }
        }
    }
    bytes
}

/// Bytes, letters, or one mark very often.
fn nonsense(words: &Words, chance: &mut Chance) -> Vec<u8> {
    match chance.below(4) {
        0 => (0..chance.below(2000))
            .map(|_| chance.next() as u8)
            .collect(),
        1 => {
            let letter = |chance: &mut Chance| b' ' + chance.below(95) as u8;
            (0..chance.below(2000)).map(|_| letter(chance)).collect()
        }
        2 => {
            let n = 1 << chance.below(13);
            let one = [Words::marks(), Words::edges()].concat();
            chance.of(&one).repeat(n).into_bytes()
        }
        _ => {
            let lines = (0..chance.below(40)).map(|_| chance.of(&words.lines).as_str());
            lines.collect::<Vec<_>>().join("\n").into_bytes()
        }
    }
}

fn by_byte(mut bytes: Vec<u8>, chance: &mut Chance) -> Vec<u8> {
    let from = chance.below(bytes.len() + 1);
    let to = (from + chance.below(12)).min(bytes.len());
    let with: Vec<u8> = match chance.below(4) {
        0 => (0..chance.below(5)).map(|_| chance.next() as u8).collect(),
        1 => chance.of(Words::marks()).bytes().collect(),
        2 => chance.of(Words::edges()).bytes().collect(),
        _ => bytes[from..to].repeat(2),
    };
    if chance.once_in(20) {
        bytes.truncate(from);
    } else if chance.once_in(200) {
        bytes.splice(from..from, with.repeat(1 << chance.below(10)));
    } else {
        bytes.splice(from..to, with);
    }
    bytes
}

fn by_line(bytes: &[u8], words: &Words, chance: &mut Chance) -> Vec<u8> {
    let text = String::from_utf8_lossy(bytes);
    let mut lines: Vec<&str> = text.lines().collect();
    let n = lines.len();
    let at = chance.below(n + 1);
    match chance.below(6) {
        0 if at < n => drop(lines.remove(at)),
        1 if at < n => lines.insert(at, lines[at]),
        2 if n > 0 => lines.swap(at.min(n - 1), chance.below(n)),
        3 => {
            let to = (at + chance.below(6)).min(n);
            let piece: Vec<&str> = lines.drain(at..to).collect();
            let at = chance.below(lines.len() + 1);
            lines.splice(at..at, piece);
        }
        4 if chance.once_in(8) => lines.truncate(at),
        _ => lines.insert(at, chance.of::<String>(&words.lines)),
    }
    lines.join("\n").into_bytes()
}

fn by_value(bytes: &[u8], words: &Words, chance: &mut Chance) -> Vec<u8> {
    let text = String::from_utf8_lossy(bytes);
    let mut lines: Vec<&str> = text.lines().collect();
    if lines.is_empty() {
        return chance.of(&words.lines).clone().into_bytes();
    }
    let at = chance.below(lines.len());
    let other = if lines[at].contains('=') {
        assignment(lines[at], words, chance)
    } else if chance.once_in(6) {
        return by_column(&lines, words, chance).join("\n").into_bytes();
    } else {
        let mut cells: Vec<&str> = lines[at].split(',').collect();
        let (cell, value) = (chance.below(cells.len()), value(words, chance));
        cells[cell] = &value;
        cells.join(",")
    };
    lines[at] = &other;
    lines.join("\n").into_bytes()
}

fn value(words: &Words, chance: &mut Chance) -> String {
    match chance.below(3) {
        0 => chance.of(&words.values).clone(),
        1 => (*chance.of(Words::edges())).to_owned(),
        _ => {
            let number = (chance.next() as i64 >> chance.below(64)) as f64;
            format!("{}", number / 10_f64.powi(chance.below(12) as i32))
        }
    }
}

/// Another key or another value; and of a value with parts, sometimes another part.
fn assignment(line: &str, words: &Words, chance: &mut Chance) -> String {
    let (key, of_key) = line.split_once('=').unwrap_or((line, ""));
    match chance.below(5) {
        0 => format!("{} ={of_key}", chance.of(&words.keys)),
        1 => {
            let mut parts: Vec<&str> = of_key.split(' ').collect();
            let at = chance.below(parts.len());
            let value = value(words, chance);
            parts[at] = &value;
            format!("{key}={}", parts.join(" "))
        }
        2 => format!("{key}= {}", chance.of(&words.values)),
        _ => format!("{key}= {}", value(words, chance)),
    }
}

/// A column that is away, twice, elsewhere, renamed, or all the same.
fn by_column(lines: &[&str], words: &Words, chance: &mut Chance) -> Vec<String> {
    let n = lines[0].split(',').count();
    let (column, other, how) = (chance.below(n), chance.below(n), chance.below(5));
    let (name, same) = (chance.of(&words.keys).clone(), value(words, chance));
    let changed = |(row, line): (usize, &&str)| {
        let mut cells: Vec<&str> = line.split(',').collect();
        match how {
            _ if cells.len() != n => {}
            0 => drop(cells.remove(column)),
            1 => cells.insert(other, cells[column]),
            2 => cells.swap(column, other),
            3 if row == 0 => cells[column] = &name,
            4 if row > 0 => cells[column] = &same,
            _ => {}
        }
        cells.join(",")
    };
    lines.iter().enumerate().map(changed).collect()
}
