//! A look-up in a file of hashes that may be larger than the memory: forty reads, not one of the
//! whole.

use std::cmp::Ordering;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom};
use std::path::Path;

use super::{Unknown, line};

/// Digits of a SHA-1.
const DIGITS: usize = 40;

/// Longer than any line: a hash, a colon, a count, a line's end.
const LONGEST: u64 = 80;

/// Whether a file that is sorted by hash has this one.
pub(super) fn holds(path: &Path, hash: &str) -> Result<bool, Unknown> {
    let mut file = BufReader::with_capacity(256, File::open(path)?);
    let end = file.get_ref().metadata()?.len();
    // If the file has the hash, its line begins at `low` or behind, and before `high`.
    let (mut low, mut high) = (0, end);
    while low < high {
        let middle = low + (high - low) / 2;
        let begin = line_from(&mut file, middle)?;
        if begin >= high {
            high = middle;
            continue;
        }
        let text = read_line(&mut file)?;
        let (found, count) = line(&text, DIGITS)?;
        match compared(found, hash) {
            Ordering::Equal => return Ok(count > 0),
            Ordering::Less => low = begin + text.len() as u64,
            Ordering::Greater => high = middle,
        }
    }
    Ok(false)
}

/// Where the first line begins that begins at `place` or behind; the file stands there.
fn line_from(file: &mut BufReader<File>, place: u64) -> Result<u64, Unknown> {
    if place == 0 {
        file.seek(SeekFrom::Start(0))?;
        return Ok(0);
    }
    file.seek(SeekFrom::Start(place - 1))?;
    Ok(place - 1 + read_line(file)?.len() as u64)
}

/// A line with its end. A file without lines is not read to its own.
fn read_line(file: &mut BufReader<File>) -> Result<String, Unknown> {
    let mut text = Vec::new();
    file.take(LONGEST).read_until(b'\n', &mut text)?;
    if text.len() as u64 == LONGEST {
        return Err(Unknown::Rubbish);
    }
    String::from_utf8(text).map_err(|_| Unknown::Rubbish)
}

/// By digit, whichever case the file is written in.
fn compared(found: &str, hash: &str) -> Ordering {
    let upper = |text: &str| text.to_ascii_uppercase();
    upper(found).cmp(&upper(hash))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::crypto::secret::{hex, random_id, sha256};

    /// A file that is gone with its test.
    struct Kept(PathBuf);

    impl Kept {
        fn new(text: impl AsRef<[u8]>) -> Self {
            let path = std::env::temp_dir().join(format!("adyton-breach-{}", random_id()));
            std::fs::write(&path, text).expect("a file");
            Self(path)
        }

        fn holds(&self, hash: &str) -> Result<bool, Unknown> {
            holds(&self.0, hash)
        }
    }

    impl Drop for Kept {
        fn drop(&mut self) {
            let _ = std::fs::remove_file(&self.0);
        }
    }

    fn hashes(number: u64) -> Vec<String> {
        let of = |seed: u64| hex(&sha256(&seed.to_be_bytes())[..20]).to_uppercase();
        let mut hashes: Vec<String> = (0..number).map(of).collect();
        hashes.sort();
        hashes
    }

    #[test]
    fn every_line_is_found_and_nothing_between_two() {
        for number in [1, 2, 3, 7, 64, 501] {
            let hashes = hashes(number);
            let counted =
                |(at, hash): (usize, &String)| format!("{hash}:{}", 10_usize.pow(at as u32 % 9));
            let with_count: Vec<String> = hashes.iter().enumerate().map(counted).collect();
            for text in [
                hashes.join("\n"),
                hashes.join("\n") + "\n",
                with_count.join("\r\n") + "\r\n",
                with_count.join("\n").to_lowercase() + "\n",
            ] {
                let file = Kept::new(&text);
                for hash in &hashes {
                    assert!(file.holds(hash).expect("a list"), "{hash} of {number}");
                    let next = format!(
                        "{}{}",
                        &hash[..39],
                        if hash.ends_with('0') { 'F' } else { '0' }
                    );
                    assert!(!file.holds(&next).expect("a list"), "{next} of {number}");
                }
                for never in ["0".repeat(40), "F".repeat(40)] {
                    assert!(!file.holds(&never).expect("a list"));
                }
            }
        }
    }

    #[test]
    fn an_empty_file_and_a_line_that_was_never_seen_hold_nothing() {
        let hash = "A".repeat(40);
        assert!(!Kept::new("").holds(&hash).expect("a list"));
        assert!(
            !Kept::new(format!("{hash}:0\n"))
                .holds(&hash)
                .expect("a list")
        );
    }

    #[test]
    fn another_file_is_no_list_of_hashes() {
        let hash = "A".repeat(40);
        let long = "a".repeat(1_000_000);
        for text in [
            "password\n123456\n".to_owned(),
            format!("{hash}:many\n"),
            format!("{}\n", &hash[1..]),
            "\n\n\n".to_owned(),
            long,
        ] {
            let found = Kept::new(&text).holds(&hash);
            assert!(matches!(found, Err(Unknown::Rubbish)), "{:.50}", text);
        }
        let found = Kept::new([0xff; 500]).holds(&hash);
        assert!(matches!(found, Err(Unknown::Rubbish)));
        let nowhere = holds(Path::new("no/such/file"), &hash);
        assert!(matches!(nowhere, Err(Unknown::File(_))));
    }
}
