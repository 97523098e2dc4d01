//! What admins look after: users, empresas, categorías, pedidos, and who asks to sell.

pub mod categorias;
pub mod dashboard;
pub mod empresas;
pub mod pedidos;
pub mod solicitudes;
pub mod usuarios;
