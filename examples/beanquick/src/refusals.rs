//! What BeanQuick refuses for reasons of its own, in its own language.

use adyton::Refusal;

pub const OUT_OF_STOCK: Refusal = Refusal::field(
    "lineas",
    "SIN_EXISTENCIAS",
    "No quedan existencias suficientes de este producto.",
);
pub const NOT_SOLD: Refusal = Refusal::field(
    "lineas",
    "PRODUCTO_NO_DISPONIBLE",
    "Este producto no está a la venta.",
);
pub const OTHER_EMPRESA: Refusal = Refusal::field(
    "lineas",
    "OTRA_EMPRESA",
    "Un pedido es de una sola empresa.",
);
pub const ESTADO: Refusal = Refusal::new(
    409,
    "ESTADO_NO_PERMITIDO",
    "El pedido ya no puede pasar a ese estado.",
);
pub const NO_PROFILE: Refusal = Refusal::new(
    409,
    "EMPRESA_SIN_PERFIL",
    "Primero crea el perfil de tu empresa.",
);
pub const CATEGORY_IN_USE: Refusal = Refusal::new(
    409,
    "CATEGORIA_EN_USO",
    "La categoría tiene productos: pásalos antes a otra.",
);
pub const YOURSELF: Refusal = Refusal::new(
    403,
    "USUARIO_PROPIO",
    "No puedes quitarte el rol ni desactivar tu propia cuenta.",
);
pub const APPLIED: Refusal = Refusal::new(
    409,
    "SOLICITUD_PENDIENTE",
    "Ya tienes una solicitud pendiente.",
);
pub const DECIDED: Refusal =
    Refusal::new(409, "SOLICITUD_RESUELTA", "La solicitud ya está resuelta.");
pub const NO_CLIENTE: Refusal =
    Refusal::new(409, "NO_ES_CLIENTE", "Quien la envió ya no es cliente.");
