//! What `--demo` fills an empty store with: it looks as if people had ordered here for months.

mod carta;
mod gente;
mod pedidos;

use std::time::Duration;

use adyton::db::Tx;
use adyton::{Adyton, Result, User, UserDraft, UserId};

use self::carta::{CARTA, CATEGORIAS};
use self::gente::{CLIENTES, Cafeteria, EMPRESAS};
use crate::empresa::solicitud;
use crate::search;
use crate::users::{ADMIN, CLIENTE, EMPRESA};

/// Before the first pedido.
const OPENED: Duration = Duration::from_secs(100 * 24 * 60 * 60);

const PASSWORD: &str = "cafe con leche 26";

/// A producto that the demo's pedidos name.
struct Offer {
    id: i64,
    nombre: &'static str,
    price: i64,
}

/// An empresa and what it sells.
struct Shop {
    id: i64,
    offers: Vec<Offer>,
}

pub async fn fill(adyton: Adyton) -> Result<()> {
    person(&adyton, "Marta Gil", "admin@example.com", ADMIN).await?;
    person(&adyton, "Nerea Costa", "nueva@example.com", EMPRESA).await?;
    let mut clientes = Vec::with_capacity(CLIENTES.len());
    for (name, email) in CLIENTES {
        clientes.push(person(&adyton, name, email, CLIENTE).await?.id);
    }
    let mut owners = Vec::with_capacity(EMPRESAS.len());
    for cafeteria in EMPRESAS {
        owners.push(
            person(&adyton, cafeteria.owner, cafeteria.email, EMPRESA)
                .await?
                .id,
        );
    }
    // Users are made by Adyton, each in a transaction of its own; the store's rows follow at once.
    let mut tx = adyton.db().begin().await?;
    let categorias = categorias(&adyton, &mut tx).await?;
    let mut shops = Vec::with_capacity(EMPRESAS.len());
    for (at, (cafeteria, owner)) in EMPRESAS.iter().zip(&owners).enumerate() {
        let id = empresa(&adyton, &mut tx, cafeteria, owner).await?;
        let offers = productos(&adyton, &mut tx, (at, id), &categorias).await?;
        shops.push(Shop { id, offers });
    }
    pedidos::fill(&adyton, &mut tx, &clientes, &shops).await?;
    if let Some(cliente) = clientes.last() {
        ask(&adyton, &mut tx, cliente).await?;
    }
    Ok(tx.commit().await?)
}

async fn person(adyton: &Adyton, name: &str, email: &str, role: &str) -> Result<User> {
    let mut draft = UserDraft::new(name, email);
    draft.password = Some(PASSWORD.into());
    draft.role = Some(role.to_owned());
    draft.verified = true;
    adyton.create_user(draft).await
}

async fn categorias(adyton: &Adyton, tx: &mut Tx) -> Result<Vec<i64>> {
    let sql = "INSERT INTO categorias (nombre, created_at) VALUES ($1, $2)";
    let mut ids = Vec::with_capacity(CATEGORIAS.len());
    for nombre in CATEGORIAS {
        let values = [nombre.into(), adyton.clock().now().into()];
        ids.push(tx.insert(sql, &values).await?);
    }
    Ok(ids)
}

async fn empresa(
    adyton: &Adyton,
    tx: &mut Tx,
    cafeteria: &Cafeteria,
    owner: &UserId,
) -> Result<i64> {
    let sql = "INSERT INTO empresas \
               (user_id, nombre, ciudad, direccion, descripcion, busqueda, created_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let values = [
        owner.into(),
        cafeteria.nombre.into(),
        cafeteria.ciudad.into(),
        cafeteria.direccion.into(),
        cafeteria.descripcion.into(),
        search::folded(&[cafeteria.nombre, cafeteria.ciudad]).into(),
        (adyton.clock().now() - OPENED).into(),
    ];
    Ok(tx.insert(sql, &values).await?)
}

/// The part of the carta that is one empresa's.
async fn productos(
    adyton: &Adyton,
    tx: &mut Tx,
    (at, empresa): (usize, i64),
    categorias: &[i64],
) -> Result<Vec<Offer>> {
    let sql = "INSERT INTO productos (empresa_id, categoria_id, nombre, descripcion, busqueda, \
               precio_centimos, existencias, disponible, created_at, updated_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let share = CARTA.len() / EMPRESAS.len();
    let mut offers = Vec::with_capacity(share);
    let opened = adyton.clock().now() - OPENED;
    for (number, (categoria, nombre, descripcion, price)) in
        (0_i64..).zip(CARTA.iter().skip(at * share).take(share))
    {
        // Some are nearly sold out, so that the panel has something to tell.
        let existencias = 3 + (number * 17) % 60;
        let values = [
            empresa.into(),
            categorias[*categoria].into(),
            (*nombre).into(),
            (*descripcion).into(),
            search::folded(&[nombre, descripcion]).into(),
            (*price).into(),
            existencias.into(),
            true.into(),
            opened.into(),
            opened.into(),
        ];
        let id = tx.insert(sql, &values).await?;
        let (nombre, price) = (*nombre, *price);
        offers.push(Offer { id, nombre, price });
    }
    Ok(offers)
}

/// Somebody waits for an admin's answer.
async fn ask(adyton: &Adyton, tx: &mut Tx, cliente: &UserId) -> Result<()> {
    let sql = "INSERT INTO solicitudes (user_id, nombre, mensaje, estado, created_at) \
               VALUES ($1, $2, $3, $4, $5)";
    let values = [
        cliente.into(),
        "Café del Puerto".into(),
        "Abrimos en mayo junto a la lonja y nos gustaría vender aquí.".into(),
        solicitud::PENDIENTE.into(),
        adyton.clock().now().into(),
    ];
    tx.run(sql, &values).await?;
    Ok(())
}
