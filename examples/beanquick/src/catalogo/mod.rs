//! What everybody sees: categorías, empresas and what they sell.

pub mod categorias;
pub mod empresas;
pub mod productos;

/// What is sold at all. It is read from the rows that decide it, so that a suspended empresa and a
/// disabled owner are gone from the store in that moment, and back when they are let back.
pub const OPEN: &str = "empresas.suspendida_at IS NULL AND users.disabled_at IS NULL \
     AND users.role = 'empresa'";
