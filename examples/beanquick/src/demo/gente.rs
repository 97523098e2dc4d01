//! Who is in the demo.

pub struct Cafeteria {
    pub owner: &'static str,
    pub email: &'static str,
    pub nombre: &'static str,
    pub ciudad: &'static str,
    pub direccion: &'static str,
    pub descripcion: &'static str,
}

pub const EMPRESAS: [Cafeteria; 5] = [
    Cafeteria {
        owner: "Lucía Romero",
        email: "cafe@example.com",
        nombre: "Café Luna Nueva",
        ciudad: "Sevilla",
        direccion: "Calle del Naranjo, 8",
        descripcion: "Tueste propio los martes y patio con sombra todo el año.",
    },
    Cafeteria {
        owner: "Iker Etxeberria",
        email: "iker@example.com",
        nombre: "La Ría Tostadores",
        ciudad: "Bilbao",
        direccion: "Muelle de la Grúa, 3",
        descripcion: "Filtro, espresso y pintxos dulces frente a la ría.",
    },
    Cafeteria {
        owner: "Carme Puig",
        email: "carme@example.com",
        nombre: "El Obrador de Gràcia",
        ciudad: "Barcelona",
        direccion: "Plaza de los Plátanos, 12",
        descripcion: "Bollería hecha de madrugada y café de pequeñas fincas.",
    },
    Cafeteria {
        owner: "Álvaro Cano",
        email: "alvaro@example.com",
        nombre: "Molino de Lavapiés",
        ciudad: "Madrid",
        direccion: "Calle de la Espiga, 21",
        descripcion: "Desayunos largos, pan de masa madre y prensa francesa.",
    },
    Cafeteria {
        owner: "Inés Ferrer",
        email: "ines@example.com",
        nombre: "Horchata y Grano",
        ciudad: "Valencia",
        direccion: "Avenida de la Chufa, 5",
        descripcion: "Lo mejor de la huerta, con café y con hielo.",
    },
];

pub const CLIENTES: [(&str, &str); 12] = [
    ("Ana Ruiz", "ana@example.com"),
    ("Bruno Vidal", "bruno@example.com"),
    ("Clara Núñez", "clara@example.com"),
    ("Diego Soler", "diego@example.com"),
    ("Elena Prieto", "elena@example.com"),
    ("Fermín Otero", "fermin@example.com"),
    ("Gloria Pardo", "gloria@example.com"),
    ("Hugo Beltrán", "hugo@example.com"),
    ("Irene Salas", "irene@example.com"),
    ("Jorge Lozano", "jorge@example.com"),
    ("Laia Bosch", "laia@example.com"),
    ("Manuel Ríos", "manuel@example.com"),
];
