//! The contract from Rust, by its layout alone: no crates, no generated bindings. It answers what the C++ plugin answers, as far
//! as it goes: routes with parameters and body, storage with typed rows, a durable subscriber, a hook, a deferred answer.
#![allow(dead_code)]

use std::ffi::c_void;
use std::os::raw::c_char;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::Mutex;
use std::thread::JoinHandle;

include!("abi.rs");
include!("description.rs");

struct Conform {
    host: &'static Host,
    ctx: Ctx,
    routes: &'static Routes,
    hooks: &'static Hooks,
    storage: &'static Storage,
    events: &'static Events,
    late: Mutex<Option<JoinHandle<Status>>>,
}

impl Conform {
    fn answer(&self, request: Request, status: u32, body: &str) {
        (self.routes.respond)(request, &response(status, body));
    }
    fn param(&self, request: Request, name: &'static str) -> String {
        own((self.routes.param)(request, text(name))).unwrap_or_default()
    }
    fn pass_on(&self, request: Request, status: Status) {
        struct To<'a>(&'a Conform, Request, Status);
        extern "C" fn forward(to: *mut c_void, error: *const Error) {
            let To(plugin, request, status) = unsafe { &*(to as *const To) };
            let mut copy = unsafe { std::ptr::read(error) };
            copy.status = *status;
            (plugin.routes.fail)(*request, &copy);
        }
        let mut to = To(self, request, status);
        (self.host.last_error)(self.ctx, &mut to as *mut To as *mut c_void, forward);
    }
    /// Runs `work` in a transaction.
    fn transact<F: FnMut(Tx) -> Status>(&self, write: bool, mut work: F) -> Status {
        extern "C" fn run<F: FnMut(Tx) -> Status>(work: *mut c_void, tx: Tx) -> Status {
            let work = unsafe { &mut *(work as *mut F) };
            catch_unwind(AssertUnwindSafe(|| work(tx))).unwrap_or(INTERNAL)
        }
        let call = if write { self.storage.write } else { self.storage.read };
        call(self.ctx, run::<F>, &mut work as *mut F as *mut c_void)
    }
    /// The error of a failed statement becomes that of its closure.
    fn said(&self, status: Status) -> Status {
        extern "C" fn keep(this: *mut c_void, error: *const Error) {
            let plugin = unsafe { &*(this as *const Conform) };
            (plugin.host.set_error)(plugin.ctx, error);
        }
        if status != OK {
            (self.host.last_error)(self.ctx, self as *const Conform as *mut c_void, keep);
        }
        status
    }

    fn add_item(&self, request: Request) {
        let payload = format!("\"{}\"", self.param(request, "name"));
        let mut checked = String::new();
        let sink = Sink { this: &mut checked as *mut String as *mut c_void, write: append };
        let status = (self.hooks.fire)(self.ctx, text("conform.item.create/1"), lend(&payload), &sink);
        if status != OK {
            return self.pass_on(request, status);
        }
        let name = checked.trim_matches('"').to_owned();
        let weight = own((self.routes.query)(request, text("weight"))).and_then(|w| w.parse::<f64>().ok());
        let body = own((self.routes.body)(request)).unwrap_or_default();
        let (mut id, mut seq) = (0i64, 0u64);
        let status = self.transact(true, |tx| {
            let values = [words(&name), weighs(weight), words(&body), integer(1)];
            let sql = text("INSERT INTO conform_item (name, weight, data, at) VALUES (?1, ?2, ?3, ?4)");
            let status = (self.storage.exec)(tx, sql, values.as_ptr(), values.len(), std::ptr::null_mut());
            if status != OK {
                return self.said(status);
            }
            id = (self.storage.last_insert_id)(tx);
            let subject = format!("item:{id}");
            let data = format!("{{\"id\":{id},\"name\":\"{name}\"}}");
            let channel = text("conform:items");
            let event = NewEvent {
                size: std::mem::size_of::<NewEvent>() as u32,
                reserved: 0,
                kind: text("conform.item.created"),
                subject: lend(&subject),
                channels: &channel,
                channel_count: 1,
                data: lend(&data),
            };
            self.said((self.events.emit)(tx, &event, &mut seq))
        });
        if status != OK {
            return self.pass_on(request, status);
        }
        self.answer(request, 201, &format!("{{\"id\":{id},\"seq\":{seq}}}"));
    }

    /// The first row of a query, each column as JSON (texts as they are).
    fn first(&self, sql: &'static str, value: Option<i64>, types: &[u32]) -> Result<Option<Vec<String>>, Status> {
        let mut row = None;
        let status = self.transact(false, |tx| {
            let values: Vec<Value> = value.into_iter().map(integer).collect();
            let mut cursor: Cursor = std::ptr::null_mut();
            let status = (self.storage.query)(tx, text(sql), values.as_ptr(), values.len(), types.as_ptr(), types.len(), &mut cursor);
            if status != OK {
                return self.said(status);
            }
            let mut there = 0;
            let mut found: Vec<Value> = types.iter().map(|_| integer_null()).collect();
            let status = (self.storage.next)(cursor, found.as_mut_ptr(), found.len(), &mut there);
            if status == OK && there != 0 {
                let as_json = |value: &Value| unsafe {
                    match value.kind {
                        INTEGER => value.held.integer.to_string(),
                        REAL => value.held.real.to_string(),
                        TEXT => own(value.held.text).unwrap_or_default(),
                        _ => "null".to_owned(),
                    }
                };
                row = Some(found.iter().map(as_json).collect());
            }
            (self.storage.close)(cursor);
            status
        });
        if status == OK { Ok(row) } else { Err(status) }
    }

    fn find_item(&self, request: Request) {
        let id: i64 = self.param(request, "id").parse().unwrap_or(0);
        match self.first("SELECT name, weight, data FROM conform_item WHERE id = ?1", Some(id), &[TEXT, REAL, TEXT]) {
            Err(status) => self.pass_on(request, status),
            Ok(None) => {
                (self.routes.fail)(request, &error(NOT_FOUND, "There is nothing here."));
            }
            Ok(Some(row)) => {
                let body = format!("{{\"id\":{id},\"name\":\"{}\",\"weight\":{},\"data\":{}}}", row[0], row[1], row[2]);
                let tag = format!("item:{id}");
                let tag = lend(&tag);
                let mut shared = response(200, &body);
                shared.audience = 1;
                shared.tags = &tag;
                shared.tag_count = 1;
                (self.routes.respond)(request, &shared);
            }
        }
    }

    fn seen(&self, request: Request) {
        match self.first("SELECT count(*) FROM conform_seen", None, &[INTEGER]) {
            Ok(Some(row)) => self.answer(request, 200, &format!("{{\"users\":{}}}", row[0])),
            Ok(None) => self.answer(request, 500, "{}"),
            Err(status) => self.pass_on(request, status),
        }
    }

    fn later(&self, request: Request) {
        let twice = own((self.routes.query)(request, text("twice"))).is_some();
        let mut token = 0u64;
        if (self.routes.defer)(request, &mut token) != OK {
            return;
        }
        let (complete, ctx) = (self.routes.complete, self.ctx as usize);
        let thread = std::thread::spawn(move || {
            let first = complete(ctx as Ctx, token, &response(200, "{\"later\":true}"));
            if twice { complete(ctx as Ctx, token, &response(200, "{\"later\":\"twice\"}")) } else { first }
        });
        if let Some(earlier) = self.late.lock().unwrap().replace(thread) {
            let _ = earlier.join();
        }
    }

    fn second(&self, request: Request) {
        let status = self.late.lock().unwrap().take().map(|thread| thread.join().unwrap_or(OK));
        self.answer(request, 200, if status == Some(STALE) { "{\"taken\":false}" } else { "{\"taken\":true}" });
    }
}

/// The C function that calls a method of the plugin; a panic costs its caller a 500.
macro_rules! handler {
    ($method:ident) => {{
        extern "C" fn call(this: *mut c_void, request: Request) {
            let plugin = unsafe { &*(this as *const Conform) };
            if catch_unwind(AssertUnwindSafe(|| plugin.$method(request))).is_err() {
                (plugin.routes.fail)(request, &error(INTERNAL, ""));
            }
        }
        call
    }};
}

extern "C" fn judge(this: *mut c_void, payload: Str, modified: *const Sink) -> i32 {
    let plugin = unsafe { &*(this as *const Conform) };
    match own(payload).as_deref() {
        Some("\"refused\"") => {
            let field = FieldError {
                size: std::mem::size_of::<FieldError>() as u32,
                reserved: 0,
                pointer: text("/name"),
                code: text("refused"),
                detail: text("Another one, please."),
            };
            let fields = [&field as *const FieldError];
            let mut why = error(VALIDATION, "This name is not wanted.");
            why.fields = fields.as_ptr();
            why.field_count = 1;
            (plugin.host.set_error)(plugin.ctx, &why);
            2
        }
        Some("\"plain\"") => {
            let sink = unsafe { &*modified };
            (sink.write)(sink.this, text("\"changed\""));
            1
        }
        _ => 0,
    }
}

extern "C" fn see_user(this: *mut c_void, tx: Tx, event: *const Event) -> Status {
    let (plugin, event) = unsafe { (&*(this as *const Conform), &*event) };
    let values = [integer(event.seq as i64), integer(event.time_ms)];
    let sql = text("INSERT INTO conform_seen (user_id, at) VALUES (?1, ?2)");
    (plugin.storage.exec)(tx, sql, values.as_ptr(), values.len(), std::ptr::null_mut())
}

fn table<T>(host: &Host, ctx: Ctx, id: &'static str) -> Option<&'static T> {
    let found = (host.get)(ctx, text(id), std::mem::size_of::<T>() as u32) as *const T;
    unsafe { found.as_ref() }
}

fn register(plugin: &'static Conform) -> Status {
    let this = plugin as *const Conform as *mut c_void;
    let rows: [(&str, &str, u32, extern "C" fn(*mut c_void, Request)); 5] = [
        ("POST", "/api/v1/x/conform/items/{name:str}", 1, handler!(add_item)),
        ("GET", "/api/v1/x/conform/items/{id:int}", 0, handler!(find_item)),
        ("GET", "/api/v1/x/conform/seen", 0, handler!(seen)),
        ("GET", "/api/v1/x/conform/later", 0, handler!(later)),
        ("GET", "/api/v1/x/conform/second", 0, handler!(second)),
    ];
    for (method, pattern, body, handler) in rows {
        let route = Route {
            size: std::mem::size_of::<Route>() as u32,
            auth: 0,
            method: text(method),
            pattern: text(pattern),
            permission: text(""),
            body,
            flags: 0,
            body_limit: 0,
            deadline_ms: 0,
            rate_count: 0,
            rate_period_s: 0,
            reserved: 0,
            handler,
            this,
        };
        let status = (plugin.routes.add)(plugin.ctx, &route);
        if status != OK {
            return status;
        }
    }
    let hook = text("conform.item.create/1");
    let filter = Filter {
        size: std::mem::size_of::<Filter>() as u32,
        priority: 0,
        hook,
        on_error: 1,
        reserved: 0,
        call: judge,
        this,
    };
    let kind = text("auth.user.created");
    let subscriber = Subscriber {
        size: std::mem::size_of::<Subscriber>() as u32,
        flags: 3,
        name: text("users"),
        types: &kind,
        type_count: 1,
        apply: see_user,
        this,
    };
    for status in [
        (plugin.hooks.define)(plugin.ctx, hook),
        (plugin.hooks.filter)(plugin.ctx, &filter),
        (plugin.events.subscribe)(plugin.ctx, &subscriber),
    ] {
        if status != OK {
            return status;
        }
    }
    OK
}

extern "C" fn create(host: *const Host, ctx: Ctx, out: *mut *mut c_void) -> Status {
    let host: &'static Host = unsafe { &*host };
    let tables = (
        table(host, ctx, "stoa.routes/1"),
        table(host, ctx, "stoa.hooks/1"),
        table(host, ctx, "stoa.storage/1"),
        table(host, ctx, "stoa.events/1"),
    );
    let (routes, hooks, storage, events) = match tables {
        (Some(routes), Some(hooks), Some(storage), Some(events)) => (routes, hooks, storage, events),
        _ => return UNSUPPORTED,
    };
    let plugin = Box::into_raw(Box::new(Conform { host, ctx, routes, hooks, storage, events, late: Mutex::new(None) }));
    let status = register(unsafe { &*plugin });
    if status == OK {
        unsafe { *out = plugin as *mut c_void };
    } else {
        drop(unsafe { Box::from_raw(plugin) });
    }
    status
}
extern "C" fn stop(this: *mut c_void) -> Status {
    let plugin = unsafe { &*(this as *const Conform) };
    if let Some(thread) = plugin.late.lock().unwrap().take() {
        let _ = thread.join();
    }
    OK
}
extern "C" fn destroy(this: *mut c_void) {
    drop(unsafe { Box::from_raw(this as *mut Conform) });
}
