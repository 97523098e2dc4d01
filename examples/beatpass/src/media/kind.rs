//! What a file is, told by its first bytes: a name and a header say what their sender likes.
//!
//! Eight kinds are few enough to know by heart; a crate that knows three hundred would have to be
//! told which of them are refused.

use adyton::Refusal;

use super::refusals::{AUDIO_KIND, COVER_KIND};

/// As many bytes are looked at.
pub const HEAD: usize = 64;

/// What a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Audio,
    Cover,
}

impl Role {
    /// The role of a form's field.
    pub fn of_field(name: &str) -> Option<Self> {
        match name {
            "audio" => Some(Role::Audio),
            "cover" => Some(Role::Cover),
            _ => None,
        }
    }

    /// The folder of its files.
    pub fn folder(self) -> &'static str {
        match self {
            Role::Audio => "audio",
            Role::Cover => "cover",
        }
    }

    /// Bytes of a file at most.
    pub fn most_bytes(self) -> usize {
        match self {
            Role::Audio => 50 * 1024 * 1024,
            Role::Cover => 5 * 1024 * 1024,
        }
    }

    /// What is said of a file of another kind.
    pub fn refusal(self) -> Refusal {
        match self {
            Role::Audio => AUDIO_KIND,
            Role::Cover => COVER_KIND,
        }
    }

    /// How a file that begins so is named at its end, if it is of a kind that is taken.
    pub fn extension(self, head: &[u8]) -> Option<&'static str> {
        match self {
            Role::Audio => audio(head),
            Role::Cover => cover(head),
        }
    }
}

/// The content type of a key, by the end of its name, which we gave it.
pub fn content_type(key: &str) -> &'static str {
    match key.rsplit('.').next() {
        Some("mp3") => "audio/mpeg",
        Some("wav") => "audio/wav",
        Some("flac") => "audio/flac",
        Some("ogg") => "audio/ogg",
        Some("m4a") => "audio/mp4",
        Some("png") => "image/png",
        Some("jpg") => "image/jpeg",
        Some("webp") => "image/webp",
        _ => "application/octet-stream",
    }
}

fn audio(head: &[u8]) -> Option<&'static str> {
    let brand = head.get(8..12).unwrap_or_default();
    match head {
        [b'R', b'I', b'F', b'F', ..] if brand == b"WAVE" => Some("wav"),
        [b'f', b'L', b'a', b'C', ..] => Some("flac"),
        [b'O', b'g', b'g', b'S', ..] => Some("ogg"),
        [b'I', b'D', b'3', ..] => Some("mp3"),
        [0xff, second, third, ..] if is_mp3_frame(*second, *third) => Some("mp3"),
        [_, _, _, _, b'f', b't', b'y', b'p', ..] if brand.starts_with(b"M4A") => Some("m4a"),
        _ => None,
    }
}

fn cover(head: &[u8]) -> Option<&'static str> {
    let brand = head.get(8..12).unwrap_or_default();
    match head {
        [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Some("png"),
        [0xff, 0xd8, 0xff, ..] => Some("jpg"),
        [b'R', b'I', b'F', b'F', ..] if brand == b"WEBP" => Some("webp"),
        _ => None,
    }
}

/// A frame of layer III whose bit rate and sampling rate are possible: eleven bits alone are in
/// many files.
fn is_mp3_frame(second: u8, third: u8) -> bool {
    let (version, layer) = (second >> 3 & 3, second >> 1 & 3);
    let (bit_rate, sampling) = (third >> 4, third >> 2 & 3);
    second >> 5 == 7 && version != 1 && layer == 1 && (1..15).contains(&bit_rate) && sampling != 3
}

#[cfg(test)]
mod tests {
    use super::Role;

    #[test]
    fn a_file_is_what_it_begins_with() {
        let known: [(Role, &[u8], &str); 9] = [
            (Role::Audio, b"RIFF\0\0\0\0WAVEfmt ", "wav"),
            (Role::Audio, b"fLaC\0\0\0\x22", "flac"),
            (Role::Audio, b"OggS\0\x02", "ogg"),
            (Role::Audio, b"ID3\x04\0", "mp3"),
            (Role::Audio, &[0xff, 0xfb, 0x90, 0x44], "mp3"),
            (Role::Audio, b"\0\0\0\x20ftypM4A \0", "m4a"),
            (Role::Cover, b"\x89PNG\r\n\x1a\n\0", "png"),
            (Role::Cover, &[0xff, 0xd8, 0xff, 0xe0], "jpg"),
            (Role::Cover, b"RIFF\0\0\0\0WEBPVP8 ", "webp"),
        ];
        for (role, head, extension) in known {
            assert_eq!(role.extension(head), Some(extension));
            let other = match role {
                Role::Audio => Role::Cover,
                Role::Cover => Role::Audio,
            };
            assert_eq!(other.extension(head), None, "{extension}");
        }
        for head in [
            &b"<svg onload=1>"[..],
            b"MZ\x90",
            b"",
            &[0xff, 0xff, 0xff],
            b"\0\0\0\x20ftypisom",
        ] {
            assert_eq!(Role::Audio.extension(head), None);
            assert_eq!(Role::Cover.extension(head), None);
        }
    }
}
