//! What an empresa does: its profile, what it sells, and the pedidos it gets.

pub mod panel;
pub mod pedidos;
pub mod perfil;
pub mod productos;
pub mod solicitud;
