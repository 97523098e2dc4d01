-- The business profile of an empresa: one each.

CREATE TABLE empresas (
    id {id},
    user_id {ref} NOT NULL,
    nombre varchar(255) NOT NULL,
    direccion varchar(255) NOT NULL,
    telefono varchar(32) NULL,
    created_at {time} NOT NULL
) {charset};
CREATE UNIQUE INDEX empresas_user_id_unique ON empresas (user_id);
