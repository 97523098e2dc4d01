//! Covers: flat shapes on a gradient, each genre with a shape of its own.
//!
//! They have at most 256 colours, so that a picture is small and quick to write.

use super::dice::Dice;
use super::listing::Genre;

const SIDE: i32 = 600;

/// The first colours are the gradient from top to bottom, the last ones the shapes'.
const GRADIENT: u8 = 200;

type Colour = [u8; 3];

/// From, to, and two for the shapes.
const PALETTES: [[Colour; 4]; 8] = [
    [
        [26, 16, 60],
        [214, 58, 106],
        [255, 196, 92],
        [255, 240, 214],
    ],
    [
        [8, 44, 60],
        [30, 130, 120],
        [244, 206, 130],
        [240, 248, 236],
    ],
    [[18, 18, 28], [70, 48, 110], [250, 96, 80], [238, 232, 255]],
    [
        [244, 222, 196],
        [226, 150, 116],
        [60, 52, 84],
        [255, 250, 240],
    ],
    [
        [10, 30, 70],
        [40, 110, 190],
        [120, 226, 214],
        [250, 250, 255],
    ],
    [[60, 16, 30], [170, 44, 50], [250, 180, 60], [255, 236, 210]],
    [
        [22, 40, 28],
        [84, 128, 72],
        [236, 208, 110],
        [250, 246, 224],
    ],
    [
        [46, 20, 74],
        [130, 70, 180],
        [255, 140, 190],
        [255, 238, 246],
    ],
];

/// The cover of a title, as a PNG.
pub fn drawn(title: &str, genre: Genre) -> Vec<u8> {
    let mut dice = Dice::of(title);
    let palette = dice.pick(&PALETTES);
    let shape = Shape {
        genre,
        across: 180 + dice.below(240) as i32,
        down: 200 + dice.below(200) as i32,
        size: 130 + dice.below(90) as i32,
        gap: 26 + dice.below(26) as i32,
        slant: 1 + dice.below(3) as i32,
    };
    let mut pixels = Vec::with_capacity((SIDE * SIDE) as usize);
    for y in 0..SIDE {
        let ground = (y * i32::from(GRADIENT) / SIDE) as u8;
        for x in 0..SIDE {
            pixels.push(match shape.at(x, y) {
                0 => ground,
                layer => GRADIENT + layer - 1,
            });
        }
    }
    written(&palette, &pixels)
}

/// What is drawn on the gradient.
struct Shape {
    genre: Genre,
    across: i32,
    down: i32,
    size: i32,
    gap: i32,
    slant: i32,
}

impl Shape {
    /// 0 for the ground; 1 and 2 for the colours of the shapes, 3 for a shade of the ground.
    fn at(&self, x: i32, y: i32) -> u8 {
        match self.genre {
            Genre::Trap => self.sun(x, y),
            Genre::LoFi => self.rings(x, y),
            Genre::Drill => self.beams(x, y),
            Genre::House => self.lamps(x, y),
            Genre::Afrobeat => self.teeth(x, y),
            Genre::Soul => self.moons(x, y),
        }
    }

    /// How far a place is from the middle of the shape, squared.
    fn far(&self, x: i32, y: i32) -> i32 {
        (x - self.across).pow(2) + (y - self.down).pow(2)
    }

    /// A sun that sinks behind slats.
    fn sun(&self, x: i32, y: i32) -> u8 {
        let (size, gap, below) = (self.size, self.gap, y - self.down);
        if self.far(x, y) < size * size {
            let is_slat = below > 0 && below % gap < below * gap / (size * 2) + 3;
            return u8::from(!is_slat);
        }
        match below > size / 2 && (x + y) % (gap * 2) < 4 {
            true => 2,
            false => 0,
        }
    }

    /// Rings in water.
    fn rings(&self, x: i32, y: i32) -> u8 {
        let (far, size) = (self.far(x, y), self.size * self.size);
        match (far / (self.gap * 160)) % 3 {
            _ if far < size / 12 => 2,
            1 => 3,
            2 if far < size => 1,
            _ => 0,
        }
    }

    /// Beams across, one of them lit.
    fn beams(&self, x: i32, y: i32) -> u8 {
        let beam = (x * self.slant + y * 2) / (self.gap * 4);
        match beam % 7 {
            0 => 1,
            2 | 5 => 3,
            _ if beam == self.down / self.gap => 2,
            _ => 0,
        }
    }

    /// Lamps that grow towards one corner.
    fn lamps(&self, x: i32, y: i32) -> u8 {
        let (gap, cell) = (self.gap, self.gap * 2);
        let (column, row) = (x / cell, y / cell);
        let (dx, dy) = (x % cell - gap, y % cell - gap);
        let radius = gap * (column + row * self.slant) * cell / (SIDE * (1 + self.slant));
        match dx * dx + dy * dy < radius * radius {
            true if (column + row) % 5 == 0 => 2,
            true => 1,
            false => 0,
        }
    }

    /// Woven teeth.
    fn teeth(&self, x: i32, y: i32) -> u8 {
        let row = self.gap * 2;
        let bent = y + (x % row - self.gap).abs() * self.slant;
        match (bent / row) % 6 {
            0 => 1,
            2 => 3,
            3 if bent % row < self.gap => 2,
            _ => 0,
        }
    }

    /// Two moons, one over the other.
    fn moons(&self, x: i32, y: i32) -> u8 {
        let size = self.size;
        let is_one = self.far(x, y) < size * size;
        let is_other = self.far(x - size / 2, y + size / 3) < size * size;
        match (is_one, is_other) {
            (true, true) => 2,
            (true, false) => 1,
            (false, true) => 3,
            (false, false) => 0,
        }
    }
}

fn written(palette: &[Colour; 4], pixels: &[u8]) -> Vec<u8> {
    let [from, to, one, other] = *palette;
    let mixed = |step: i32, of: i32| -> Colour {
        std::array::from_fn(|at| {
            let (from, to) = (i32::from(from[at]), i32::from(to[at]));
            (from + (to - from) * step / of) as u8
        })
    };
    let mut colours: Vec<u8> = (0..i32::from(GRADIENT))
        .flat_map(|step| mixed(step, i32::from(GRADIENT)))
        .collect();
    for colour in [one, other, mixed(2, 3)] {
        colours.extend(colour);
    }
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, SIDE as u32, SIDE as u32);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_palette(colours);
    encoder.set_compression(png::Compression::Fast);
    let written = encoder
        .write_header()
        .and_then(|mut writer| writer.write_image_data(pixels));
    written.expect("a picture of this size can be written to memory");
    file
}
