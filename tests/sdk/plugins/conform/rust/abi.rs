// What of stoa.h this plugin uses, by its layout.

type Status = i32;
const OK: Status = 0;
const VALIDATION: Status = 10;
const NOT_FOUND: Status = 5;
const UNSUPPORTED: Status = 15;
const INTERNAL: Status = 16;
const STALE: Status = 17;
const SDK: u32 = 1_000_000;
const INTEGER: u32 = 1;
const REAL: u32 = 2;
const TEXT: u32 = 3;

#[repr(C)]
#[derive(Clone, Copy)]
struct Str {
    ptr: *const c_char,
    len: usize,
}
unsafe impl Sync for Str {}

const fn text(literal: &'static str) -> Str {
    Str { ptr: literal.as_ptr() as *const c_char, len: literal.len() }
}
fn lend(bytes: &str) -> Str {
    Str { ptr: bytes.as_ptr() as *const c_char, len: bytes.len() }
}
fn own(borrowed: Str) -> Option<String> {
    if borrowed.ptr.is_null() {
        return None;
    }
    let bytes = unsafe { std::slice::from_raw_parts(borrowed.ptr as *const u8, borrowed.len) };
    Some(String::from_utf8_lossy(bytes).into_owned())
}

#[repr(C)]
struct Sink {
    this: *mut c_void,
    write: extern "C" fn(*mut c_void, Str),
}
extern "C" fn append(this: *mut c_void, bytes: Str) {
    let out = unsafe { &mut *(this as *mut String) };
    out.push_str(&own(bytes).unwrap_or_default());
}

#[repr(C)]
union As {
    integer: i64,
    real: f64,
    text: Str,
}
#[repr(C)]
struct Value {
    kind: u32,
    reserved: u32,
    held: As,
}
fn integer(value: i64) -> Value {
    Value { kind: INTEGER, reserved: 0, held: As { integer: value } }
}
fn words(value: &str) -> Value {
    Value { kind: TEXT, reserved: 0, held: As { text: lend(value) } }
}
fn weighs(value: Option<f64>) -> Value {
    match value {
        Some(real) => Value { kind: REAL, reserved: 0, held: As { real } },
        None => integer_null(),
    }
}
fn integer_null() -> Value {
    Value { kind: 0, reserved: 0, held: As { integer: 0 } }
}

#[repr(C)]
struct FieldError {
    size: u32,
    reserved: u32,
    pointer: Str,
    code: Str,
    detail: Str,
}
#[repr(C)]
struct Error {
    size: u32,
    status: Status,
    message: Str,
    fields: *const *const FieldError,
    field_count: usize,
    retry_after_s: u32,
    reserved: u32,
    current: Str,
}
fn error(status: Status, message: &'static str) -> Error {
    Error {
        size: std::mem::size_of::<Error>() as u32,
        status,
        message: text(message),
        fields: std::ptr::null(),
        field_count: 0,
        retry_after_s: 0,
        reserved: 0,
        current: text(""),
    }
}

type Ctx = *mut c_void;
type Request = *mut c_void;
type Tx = *mut c_void;
type Cursor = *mut c_void;
type Unused = *const c_void;

#[repr(C)]
struct Host {
    size: u32,
    abi_major: u32,
    sdk_version: u32,
    reserved: u32,
    get: extern "C" fn(Ctx, Str, u32) -> *const c_void,
    set_error: extern "C" fn(Ctx, *const Error),
    last_error: extern "C" fn(Ctx, *mut c_void, extern "C" fn(*mut c_void, *const Error)),
}

#[repr(C)]
struct Route {
    size: u32,
    auth: u32,
    method: Str,
    pattern: Str,
    permission: Str,
    body: u32,
    flags: u32,
    body_limit: u64,
    deadline_ms: u32,
    rate_count: u32,
    rate_period_s: u32,
    reserved: u32,
    handler: extern "C" fn(*mut c_void, Request),
    this: *mut c_void,
}
#[repr(C)]
struct Response {
    size: u32,
    status: u32,
    content_type: Str,
    body: Str,
    headers: Unused,
    header_count: usize,
    audience: u32,
    reserved: u32,
    tags: *const Str,
    tag_count: usize,
    seq: u64,
}
fn response(status: u32, body: &str) -> Response {
    Response {
        size: std::mem::size_of::<Response>() as u32,
        status,
        content_type: text(""),
        body: lend(body),
        headers: std::ptr::null(),
        header_count: 0,
        audience: 0,
        reserved: 0,
        tags: std::ptr::null(),
        tag_count: 0,
        seq: 0,
    }
}

#[repr(C)]
struct Routes {
    size: u32,
    reserved: u32,
    add: extern "C" fn(Ctx, *const Route) -> Status,
    method: Unused,
    path: Unused,
    param: extern "C" fn(Request, Str) -> Str,
    query: extern "C" fn(Request, Str) -> Str,
    header: Unused,
    cookie: Unused,
    body: extern "C" fn(Request) -> Str,
    peer: Unused,
    request_id: Unused,
    user: Unused,
    respond: extern "C" fn(Request, *const Response) -> Status,
    fail: extern "C" fn(Request, *const Error) -> Status,
    defer: extern "C" fn(Request, *mut u64) -> Status,
    complete: extern "C" fn(Ctx, u64, *const Response) -> Status,
}
#[repr(C)]
struct Filter {
    size: u32,
    priority: i32,
    hook: Str,
    on_error: u32,
    reserved: u32,
    call: extern "C" fn(*mut c_void, Str, *const Sink) -> i32,
    this: *mut c_void,
}
#[repr(C)]
struct Hooks {
    size: u32,
    reserved: u32,
    define: extern "C" fn(Ctx, Str) -> Status,
    filter: extern "C" fn(Ctx, *const Filter) -> Status,
    fire: extern "C" fn(Ctx, Str, Str, *const Sink) -> Status,
}
type TxFn = extern "C" fn(*mut c_void, Tx) -> Status;
#[repr(C)]
struct Storage {
    size: u32,
    reserved: u32,
    read: extern "C" fn(Ctx, TxFn, *mut c_void) -> Status,
    write: extern "C" fn(Ctx, TxFn, *mut c_void) -> Status,
    write_async: Unused,
    exec: extern "C" fn(Tx, Str, *const Value, usize, *mut i64) -> Status,
    query: extern "C" fn(Tx, Str, *const Value, usize, *const u32, usize, *mut Cursor) -> Status,
    next: extern "C" fn(Cursor, *mut Value, usize, *mut i32) -> Status,
    close: extern "C" fn(Cursor),
    last_insert_id: extern "C" fn(Tx) -> i64,
}
#[repr(C)]
struct NewEvent {
    size: u32,
    reserved: u32,
    kind: Str,
    subject: Str,
    channels: *const Str,
    channel_count: usize,
    data: Str,
}
#[repr(C)]
struct Event {
    size: u32,
    reserved: u32,
    seq: u64,
    time_ms: i64,
}
#[repr(C)]
struct Subscriber {
    size: u32,
    flags: u32,
    name: Str,
    types: *const Str,
    type_count: usize,
    apply: extern "C" fn(*mut c_void, Tx, *const Event) -> Status,
    this: *mut c_void,
}
#[repr(C)]
struct Events {
    size: u32,
    reserved: u32,
    emit: extern "C" fn(Tx, *const NewEvent, *mut u64) -> Status,
    redact: Unused,
    subscribe: extern "C" fn(Ctx, *const Subscriber) -> Status,
}
