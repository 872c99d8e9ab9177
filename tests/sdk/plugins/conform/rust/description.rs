// What the host reads of the plugin: its description, its note and its manifest.

#[repr(C)]
struct Migration {
    size: u32,
    number: u32,
    name: Str,
    sql: Str,
}
#[repr(transparent)]
struct List<T, const N: usize>([*const T; N]);
unsafe impl<T, const N: usize> Sync for List<T, N> {}

#[repr(C)]
struct Description {
    size: u32,
    abi_major: u32,
    sdk_built: u32,
    sdk_minimum: u32,
    id: Str,
    version: Str,
    manifest: Str,
    openapi: Str,
    migrations: *const *const Migration,
    migration_count: usize,
    assets: Unused,
    asset_count: usize,
    create: extern "C" fn(*const Host, Ctx, *mut *mut c_void) -> Status,
    start: Option<extern "C" fn(*mut c_void) -> Status>,
    drain: Option<extern "C" fn(*mut c_void, u32) -> Status>,
    stop: Option<extern "C" fn(*mut c_void) -> Status>,
    destroy: extern "C" fn(*mut c_void),
    configure: Option<extern "C" fn(*mut c_void, Str) -> Status>,
    health: Option<extern "C" fn(*mut c_void, *const Sink) -> Status>,
}
unsafe impl Sync for Description {}

const MANIFEST_TEXT: &str = include_str!("../plugin.json");
#[used]
#[link_section = ".stoa.manifest"]
static MANIFEST: [u8; MANIFEST_TEXT.len()] = {
    let mut bytes = [0; MANIFEST_TEXT.len()];
    let mut at = 0;
    while at < bytes.len() {
        bytes[at] = MANIFEST_TEXT.as_bytes()[at];
        at += 1;
    }
    bytes
};

const MIGRATION_SIZE: u32 = std::mem::size_of::<Migration>() as u32;
static FIRST: Migration =
    Migration { size: MIGRATION_SIZE, number: 1, name: text("0001_items"), sql: text(include_str!("../migrations/0001_items.sql")) };
static SECOND: Migration =
    Migration { size: MIGRATION_SIZE, number: 2, name: text("0002_note"), sql: text(include_str!("../migrations/0002_note.sql")) };
static MIGRATIONS: List<Migration, 2> = List([&FIRST, &SECOND]);

static DESCRIPTION: Description = Description {
    size: std::mem::size_of::<Description>() as u32,
    abi_major: 1,
    sdk_built: SDK,
    sdk_minimum: SDK,
    id: text("conform"),
    version: text("1.0.0"),
    manifest: Str { ptr: MANIFEST.as_ptr() as *const c_char, len: MANIFEST.len() },
    openapi: text(""),
    migrations: MIGRATIONS.0.as_ptr(),
    migration_count: 2,
    assets: std::ptr::null(),
    asset_count: 0,
    create,
    start: None,
    drain: None,
    stop: Some(stop),
    destroy,
    configure: None,
    health: None,
};

#[no_mangle]
pub extern "C" fn stoa_plugin_v1() -> *const c_void {
    &DESCRIPTION as *const Description as *const c_void
}

const fn padded<const N: usize>(literal: &str) -> [u8; N] {
    let mut bytes = [0; N];
    let mut at = 0;
    while at < literal.len() {
        bytes[at] = literal.as_bytes()[at];
        at += 1;
    }
    bytes
}
#[repr(C)]
struct Note {
    name_size: u32,
    desc_size: u32,
    kind: u32,
    name: [u8; 8],
    size: u32,
    abi_major: u32,
    sdk_built: u32,
    sdk_minimum: u32,
    id: [u8; 32],
    version: [u8; 32],
    compiler: [u8; 64],
}
#[used]
#[link_section = ".note.stoa"]
static NOTE: Note = Note {
    name_size: 5,
    desc_size: 144,
    kind: 1,
    name: padded("Stoa"),
    size: 144,
    abi_major: 1,
    sdk_built: SDK,
    sdk_minimum: SDK,
    id: padded("conform"),
    version: padded("1.0.0"),
    compiler: padded("rustc"),
};
