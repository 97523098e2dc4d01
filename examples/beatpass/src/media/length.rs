//! How long a recording is, where its first bytes say so: WAV and FLAC. The others would have to
//! be read to their end.

/// Whole seconds, rounded. `size` is that of the whole file.
pub fn seconds(head: &[u8], size: u64) -> Option<i64> {
    let seconds = match head {
        [b'R', b'I', b'F', b'F', ..] => wav(head, size)?,
        [b'f', b'L', b'a', b'C', ..] => flac(head)?,
        _ => return None,
    };
    // A day is longer than any track: what claims more is wrong.
    (0.0..86_400.0)
        .contains(&seconds)
        .then_some(seconds.round() as i64)
}

/// By the bytes a second that its format says. The head's own length is a moment at most.
fn wav(head: &[u8], size: u64) -> Option<f64> {
    let is_plain = head.get(12..16)? == b"fmt ";
    let rate = u32::from_le_bytes(head.get(28..32)?.try_into().ok()?);
    (is_plain && rate > 0).then(|| size.saturating_sub(44) as f64 / f64::from(rate))
}

/// By the samples that its first block counts.
fn flac(head: &[u8]) -> Option<f64> {
    let packed = u64::from_be_bytes(head.get(18..26)?.try_into().ok()?);
    let (rate, samples) = (packed >> 44, packed & 0xf_ffff_ffff);
    (rate > 0 && samples > 0).then(|| samples as f64 / rate as f64)
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn the_first_bytes_tell_the_length() {
        let mut wav = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0".to_vec();
        wav.extend(22_050_u32.to_le_bytes());
        wav.extend(44_100_u32.to_le_bytes());
        assert_eq!(seconds(&wav, 44 + 44_100 * 12), Some(12));
        let mut flac = b"fLaC\0\0\0\x22\x10\0\x10\0\0\0\0\0\0\0".to_vec();
        flac.extend(((44_100_u64 << 44) | (44_100 * 90)).to_be_bytes());
        assert_eq!(seconds(&flac, 1), Some(90));
        assert_eq!(seconds(b"RIFF", 44), None);
        assert_eq!(seconds(b"ID3", 10), None);
    }
}
