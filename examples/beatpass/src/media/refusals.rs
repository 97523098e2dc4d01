//! What a file is refused for.

use adyton::Refusal;

pub const AUDIO_KIND: Refusal = Refusal::field(
    "audio",
    "AUDIO_KIND",
    "The audio must be an MP3, WAV, FLAC, OGG or M4A file.",
);

pub const COVER_KIND: Refusal = Refusal::field(
    "cover",
    "COVER_KIND",
    "The cover must be a PNG, JPEG or WebP image.",
);

#[cfg(test)]
pub const REFUSALS: &[Refusal] = &[AUDIO_KIND, COVER_KIND];
