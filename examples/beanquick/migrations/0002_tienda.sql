-- The store: what empresas sell and who ordered it.

ALTER TABLE empresas ADD COLUMN ciudad varchar(128) NULL;
ALTER TABLE empresas ADD COLUMN descripcion varchar(1000) NULL;
-- An empresa that is suspended sells nothing.
ALTER TABLE empresas ADD COLUMN suspendida_at {time} NULL;
ALTER TABLE empresas ADD COLUMN updated_at {time} NULL;
-- What searches look into: name and city, without capitals and accents.
ALTER TABLE empresas ADD COLUMN busqueda varchar(512) NOT NULL DEFAULT '';
UPDATE empresas SET busqueda = LOWER(nombre);

CREATE TABLE categorias (
    id {id},
    nombre varchar(64) NOT NULL,
    created_at {time} NOT NULL
) {charset};
CREATE UNIQUE INDEX categorias_nombre_unique ON categorias (nombre);

-- A producto that is taken away stays for the pedidos that name it.
CREATE TABLE productos (
    id {id},
    empresa_id {ref} NOT NULL,
    categoria_id {ref} NOT NULL,
    nombre varchar(128) NOT NULL,
    descripcion varchar(1000) NULL,
    precio_centimos {int} NOT NULL,
    existencias {int} NOT NULL,
    disponible {bool} NOT NULL,
    busqueda varchar(1200) NOT NULL,
    retirado_at {time} NULL,
    created_at {time} NOT NULL,
    updated_at {time} NOT NULL
) {charset};
CREATE INDEX productos_empresa_id_index ON productos (empresa_id);
CREATE INDEX productos_categoria_id_index ON productos (categoria_id);

-- The client's own key of a pedido: sent twice is ordered once.
CREATE TABLE pedidos (
    id {id},
    user_id {ref} NOT NULL,
    empresa_id {ref} NOT NULL,
    estado varchar(16) NOT NULL,
    total_centimos {int} NOT NULL,
    nota varchar(500) NULL,
    referencia varchar(64) NULL,
    created_at {time} NOT NULL,
    updated_at {time} NOT NULL
) {charset};
CREATE UNIQUE INDEX pedidos_user_id_referencia_unique ON pedidos (user_id, referencia);
CREATE INDEX pedidos_empresa_id_created_at_index ON pedidos (empresa_id, created_at);

-- Name and price as they were when it was ordered.
CREATE TABLE pedido_lineas (
    id {id},
    pedido_id {ref} NOT NULL,
    producto_id {ref} NOT NULL,
    nombre varchar(128) NOT NULL,
    precio_centimos {int} NOT NULL,
    cantidad {int} NOT NULL
) {charset};
CREATE INDEX pedido_lineas_pedido_id_index ON pedido_lineas (pedido_id);
CREATE INDEX pedido_lineas_producto_id_index ON pedido_lineas (producto_id);

-- A cliente asks to become an empresa: one question each, which may be asked again.
CREATE TABLE solicitudes (
    id {id},
    user_id {ref} NOT NULL,
    nombre varchar(128) NOT NULL,
    mensaje varchar(1000) NULL,
    estado varchar(16) NOT NULL,
    created_at {time} NOT NULL,
    resuelta_at {time} NULL
) {charset};
CREATE UNIQUE INDEX solicitudes_user_id_unique ON solicitudes (user_id);

-- MySQL takes capitals and accents for the same: of two keys that differ by them, one would be lost.
-- when: on MySQL
ALTER TABLE pedidos MODIFY referencia varchar(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL;
