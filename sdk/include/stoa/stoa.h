/* stoa.h: the contract between the Stoa host and its plugins.
 *
 * Plain C11, valid C++17. This header is the specification; the C++ wrapper (stoa.hpp) is one way to use it.
 *
 * Rules that hold everywhere
 * - A struct that crosses begins with `uint32_t size`, set by whoever fills it to sizeof as it was compiled, and grows
 *   at its end only. The reader looks at `size` before it touches a member that came after the first release. The four
 *   value types stoa_str, stoa_kv, stoa_value and stoa_sink have no size: they never change. Arrays of structs that may
 *   grow are arrays of pointers.
 * - Tables are fetched with stoa_host.get by "name/revision" and live as long as the plugin's generation. A changed
 *   meaning is a new revision beside the old one.
 * - Strings are borrowed UTF-8, not terminated by zero, and valid for the call unless a comment says otherwise. Who
 *   needs one longer copies it. Output goes to a sink of the caller. Nobody frees what the other side allocated.
 * - A call that can fail returns a stoa_status. Details: the host's by stoa_host.last_error; a callback's own by
 *   stoa_host.set_error before it returns the status. Both are per thread.
 * - No exception, longjmp or thread cancellation may leave a function of either side.
 * - Everything a plugin registers belongs to its generation (stoa_ctx) and is revoked with it.
 * - Threads, said at every function:
 *     [create]      only inside stoa_plugin_desc.create
 *     [lifecycle]   the host's lifecycle thread: create, start, drain, stop, destroy, configure
 *     [worker]      a worker thread: route handlers, pages, commands, channel callbacks, hooks fired from those
 *     [writer]      the one writer thread: inside a write closure or a durable subscriber
 *     [jobs]        a background thread of the host
 *     [any-thread]  any thread, also the plugin's own, between create and destroy
 *
 * Times are milliseconds since 1970-01-01T00:00:00Z. Ids are positive and below 2^53.
 */
#ifndef STOA_STOA_H
#define STOA_STOA_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define STOA_ABI_MAJOR 1u
/* Version of this SDK: major * 1,000,000 + minor * 1,000 + patch. */
#define STOA_SDK_VERSION 1000000u

#define STOA_EXPORT __attribute__((visibility("default")))

/* Bytes of a struct up to the end of that member. What it is in the struct of release 1.0: stoa/sizes.h. */
#ifdef __cplusplus
#define STOA_SIZE_TO(type, member) (static_cast<uint32_t>(offsetof(type, member) + sizeof(type::member)))
#else
#define STOA_SIZE_TO(type, member) ((uint32_t)(offsetof(type, member) + sizeof(((type*)0)->member)))
#endif
/* Whether the other side knows that member: to be asked of each one that came after release 1.0 before it is touched. */
#define STOA_HAS(type, object, member) ((object)->size >= STOA_SIZE_TO(type, member))

/* ---- Value types: frozen, without a size --------------------------------------------------------------------- */

typedef struct stoa_str {
  const char* ptr; /* may be NULL when len is 0 */
  size_t len;      /* bytes */
} stoa_str;

typedef struct stoa_kv {
  stoa_str key;
  stoa_str value;
} stoa_kv;

/* Where output goes: `write` may be called any number of times, on the calling thread, during the call. */
typedef struct stoa_sink {
  void* self;
  void (*write)(void* self, stoa_str bytes);
} stoa_sink;

typedef uint32_t stoa_type;
enum { STOA_NULL = 0, STOA_INTEGER = 1, STOA_REAL = 2, STOA_TEXT = 3, STOA_BLOB = 4 };

typedef struct stoa_value {
  stoa_type type;
  uint32_t reserved; /* 0 */
  union {
    int64_t integer;
    double real;
    stoa_str text; /* also blobs */
  } as;
} stoa_value;

/* ---- Statuses -------------------------------------------------------------------------------------------------- */

typedef int32_t stoa_status;
enum {
  STOA_OK = 0,
  STOA_E_MALFORMED = 1,           /* the input cannot be read at all                   -> 400 */
  STOA_E_UNAUTHENTICATED = 2,     /* nobody is logged in                               -> 401 */
  STOA_E_INVALID_CREDENTIALS = 3, /* a login that failed, whatever the cause           -> 401 */
  STOA_E_FORBIDDEN = 4,           /* known, but not allowed                            -> 403 */
  STOA_E_NOT_FOUND = 5,           /* does not exist, or must not be known to exist     -> 404 */
  STOA_E_CONFLICT = 6,            /* contradicts the present state                     -> 409 */
  STOA_E_PRECONDITION = 7,        /* a stale revision                                  -> 412 */
  STOA_E_TOO_LARGE = 8,           /* beyond a size limit                               -> 413 */
  STOA_E_UNSUPPORTED_MEDIA = 9,   /* a content type nobody here reads                  -> 415 */
  STOA_E_VALIDATION = 10,         /* readable, but against the rules                   -> 422 */
  STOA_E_RATE_LIMITED = 11,       /* too often                                         -> 429 */
  STOA_E_OVERLOADED = 12,         /* a queue is full, try again later                  -> 503 */
  STOA_E_TIMEOUT = 13,            /* not done within its deadline                      -> 504 */
  STOA_E_UNAVAILABLE = 14,        /* storage or a service is not there now             -> 503 */
  STOA_E_UNSUPPORTED = 15,        /* the other side does not know this call or table   -> 500 */
  STOA_E_INTERNAL = 16,           /* a bug or a broken machine                         -> 500 */
  STOA_E_STALE = 17,              /* a handle of something that has ended              -> 500 */
  STOA_E_WRONG_THREAD = 18,       /* not callable on this thread or in this state      -> 500 */
  STOA_E_ARGUMENT = 19            /* a broken promise of the caller                    -> 500 */
};

/* One field of the input and what is wrong with it. */
typedef struct stoa_field_error {
  uint32_t size;
  uint32_t reserved;
  stoa_str pointer; /* RFC 6901, "/nickname" */
  stoa_str code;    /* stable snake_case: "required", "too_short", "taken" */
  stoa_str detail;  /* a sentence for people */
} stoa_field_error;

typedef struct stoa_error {
  uint32_t size;
  stoa_status status;
  stoa_str message; /* a sentence for people; reaches clients except with the statuses that map to 500 */
  const stoa_field_error* const* fields;
  size_t field_count;
  uint32_t retry_after_s; /* with rate_limited, overloaded */
  uint32_t reserved;
  stoa_str current; /* with precondition: the present resource as JSON; else empty */
} stoa_error;

/* ---- The host ---------------------------------------------------------------------------------------------------- */

/* One generation of one plugin: owns everything it registers. */
typedef struct stoa_ctx stoa_ctx;

typedef struct stoa_host {
  uint32_t size;
  uint32_t abi_major;
  uint32_t sdk_version; /* the SDK the host was built with */
  uint32_t reserved;
  /* [any-thread] The table of that name and revision, as "stoa.routes/1", when the host has it with at least min_size
   * bytes; else NULL. Valid until destroy returns. */
  const void* (*get)(stoa_ctx* ctx, stoa_str id, uint32_t min_size);
  /* [any-thread] Details of the status this thread is about to return from a callback. Copied. */
  void (*set_error)(stoa_ctx* ctx, const stoa_error* error);
  /* [any-thread] Details of the last failed host call on this thread: `accept` is called once, within this call. */
  void (*last_error)(stoa_ctx* ctx, void* self, void (*accept)(void* self, const stoa_error* error));
} stoa_host;

/* ---- The plugin's description ---------------------------------------------------------------------------------------- */

/* A forward-only step of the plugin's schema. May hold several statements. Tables are named <plugin id>_*. */
typedef struct stoa_migration {
  uint32_t size;
  uint32_t number; /* 1, 2, 3, … without gaps */
  stoa_str name;
  stoa_str sql;
} stoa_migration;

/* A file of the browser side, served below /plugins/<id>/<hash>/. */
typedef struct stoa_asset {
  uint32_t size;
  uint32_t reserved;
  stoa_str path; /* relative, as "index.js" */
  stoa_str bytes;
} stoa_asset;

typedef struct stoa_plugin_desc {
  uint32_t size;
  uint32_t abi_major;   /* STOA_ABI_MAJOR */
  uint32_t sdk_built;   /* STOA_SDK_VERSION it was compiled with */
  uint32_t sdk_minimum; /* the oldest host it works with */
  stoa_str id;          /* [a-z][a-z0-9_]{1,31} */
  stoa_str version;     /* semantic version */
  stoa_str manifest;    /* plugin.json */
  stoa_str openapi;     /* {"paths":{…},"components":{…}} or empty */
  const stoa_migration* const* migrations;
  size_t migration_count;
  const stoa_asset* const* assets;
  size_t asset_count;

  /* [lifecycle] Registers only: no storage, no threads. On failure nothing stays registered and destroy is not called. */
  stoa_status (*create)(const stoa_host* host, stoa_ctx* ctx, void** self);
  /* [lifecycle] The schema is there; services of required plugins are there. Threads may be started. May be NULL. */
  stoa_status (*start)(void* self);
  /* [lifecycle] No new calls come; finish what runs within the deadline. May be NULL. */
  stoa_status (*drain)(void* self, uint32_t deadline_ms);
  /* [lifecycle] Ends its threads; called after a start that failed too. The host answers open deferred requests 503. May be NULL. */
  stoa_status (*stop)(void* self);
  /* [lifecycle] Frees self. No host call but log afterwards. */
  void (*destroy)(void* self);
  /* [lifecycle] Settings changed (checked against the manifest's schema). An error leaves the old ones. May be NULL. */
  stoa_status (*configure)(void* self, stoa_str settings_json);
  /* [jobs] STOA_OK when it can do its work; otherwise a sentence to `detail`. May be NULL. */
  stoa_status (*health)(void* self, const stoa_sink* detail);
} stoa_plugin_desc;

/* The one symbol a plugin exports. Returns a description with static lifetime; runs no other code. */
typedef const stoa_plugin_desc* (*stoa_plugin_entry)(void);
STOA_EXPORT const stoa_plugin_desc* stoa_plugin_v1(void);

/* ---- Who asks -------------------------------------------------------------------------------------------------------- */

typedef uint32_t stoa_role;
enum { STOA_ROLE_NONE = 0, STOA_ROLE_MEMBER = 1, STOA_ROLE_MODERATOR = 2, STOA_ROLE_ADMIN = 3 };

/* A logged-in user, as of this request. */
typedef struct stoa_principal {
  uint32_t size;
  stoa_role role;
  int64_t user_id;
  stoa_str nickname;
  stoa_str session_id;
} stoa_principal;

/* ---- stoa.log/1 ---------------------------------------------------------------------------------------------------------- */

typedef uint32_t stoa_log_level;
enum { STOA_LOG_DEBUG = 0, STOA_LOG_INFO = 1, STOA_LOG_WARNING = 2, STOA_LOG_ERROR = 3 };

#define STOA_LOG_ID "stoa.log/1"
typedef struct stoa_log_v1 {
  uint32_t size;
  uint32_t reserved;
  /* [any-thread] One plain sentence with keys beside it. The host adds plugin and request id. Never a secret. */
  void (*write)(stoa_ctx* ctx, stoa_log_level level, stoa_str message, const stoa_kv* keys, size_t key_count);
  /* [lifecycle] A line for the person who starts the server, printed to standard output once it listens: `text`, a space,
   * the forum's address and `path`. Not written to the log, so it may carry a one-time secret. */
  void (*announce)(stoa_ctx* ctx, stoa_str text, stoa_str path);
} stoa_log_v1;

/* ---- stoa.config/1 --------------------------------------------------------------------------------------------------------- */

#define STOA_CONFIG_ID "stoa.config/1"
typedef struct stoa_config_v1 {
  uint32_t size;
  uint32_t reserved;
  /* [any-thread] The plugin's settings as a JSON object, defaults of its schema filled in. */
  stoa_status (*settings)(stoa_ctx* ctx, const stoa_sink* out);
  /* [any-thread] A fact of the host as JSON: "forum.name", "forum.private", "http.public_url" (the forum's address as
   * clients see it, without a final slash), "limits.enabled", "data_dir" (absolute). Others: STOA_E_NOT_FOUND. */
  stoa_status (*host_value)(stoa_ctx* ctx, stoa_str key, const stoa_sink* out);
} stoa_config_v1;

/* ---- stoa.routes/1 ------------------------------------------------------------------------------------------------------------- */

typedef struct stoa_request stoa_request; /* valid during the handler */
typedef uint64_t stoa_deferred;           /* an answer still owed; a stale one is an error, never a crash */

typedef uint32_t stoa_auth;
enum {
  STOA_AUTH_NONE = 0,       /* the answer does not depend on who asks: a user is not looked up */
  STOA_AUTH_OPTIONAL = 1,   /* a user if there is one */
  STOA_AUTH_USER = 2,       /* 401 without one */
  STOA_AUTH_PERMISSION = 3  /* 401 without one, 403 without the permission */
};

typedef uint32_t stoa_body;
enum {
  STOA_BODY_NONE = 0, /* ignored */
  STOA_BODY_JSON = 1, /* 415 unless application/json, 400 unless JSON (strict UTF-8, depth 32, no duplicate keys) */
  STOA_BODY_ANY = 2,
  STOA_BODY_OPTIONAL_JSON = 3 /* as JSON when there is one */
};

enum {
  /* Open to strangers even when the forum is private: what one needs to log in. */
  STOA_ROUTE_OPEN = 1u << 0
};

typedef struct stoa_route {
  uint32_t size;
  stoa_auth auth;
  stoa_str method;     /* "GET" (serves HEAD too), "POST", "PUT", "PATCH", "DELETE" */
  stoa_str pattern;    /* "/api/v1/posts/{id:int}/comments"; kinds: int (1 … 2^53-1), str; a fixed segment beats a parameter */
  stoa_str permission; /* with STOA_AUTH_PERMISSION */
  stoa_body body;
  uint32_t flags;       /* STOA_ROUTE_* */
  uint64_t body_limit;  /* bytes; 0: the host's default, 256 KiB */
  uint32_t deadline_ms; /* 0: the host's default, 10 s; then 504 */
  uint32_t rate_count;  /* at most so many requests … 0: the host's default for the method */
  uint32_t rate_period_s; /* … in so many seconds, per account or address */
  uint32_t reserved;
  /* [worker] Answers with respond or fail, or calls defer; a handler that does none of them answers 500. */
  void (*handler)(void* self, stoa_request* request);
  void* self;
} stoa_route;

typedef uint32_t stoa_audience;
enum {
  STOA_AUDIENCE_PERSONAL = 0, /* Cache-Control: private, no-store */
  STOA_AUDIENCE_SHARED = 1    /* the same bytes for everybody who may see the forum: ETag, cached with its tags */
};

typedef struct stoa_response {
  uint32_t size;
  uint32_t status;      /* 200 … 599 */
  stoa_str content_type; /* empty: application/json */
  stoa_str body;
  const stoa_kv* headers;
  size_t header_count;
  stoa_audience audience;
  uint32_t reserved;
  const stoa_str* tags; /* shared answers only: "post:12"; scoped to the plugin. None: not kept, only given an ETag */
  size_t tag_count;
  uint64_t seq; /* log head seen by the snapshot, sent as Stoa-Seq; 0: none */
} stoa_response;

#define STOA_ROUTES_ID "stoa.routes/1"
typedef struct stoa_routes_v1 {
  uint32_t size;
  uint32_t reserved;
  /* [create] Two owners of one route fail the load, and both are named. */
  stoa_status (*add)(stoa_ctx* ctx, const stoa_route* route);

  /* [worker] Accessors. The strings live as long as the request. A missing one has ptr NULL. */
  stoa_str (*method)(const stoa_request* request);
  stoa_str (*path)(const stoa_request* request);                       /* percent-decoded */
  stoa_str (*param)(const stoa_request* request, stoa_str name);       /* of the pattern, decoded */
  stoa_str (*query)(const stoa_request* request, stoa_str name);       /* first of that name, decoded; if it cannot be: missing, and a GET is answered 422 */
  stoa_str (*header)(const stoa_request* request, stoa_str name);      /* ignoring case */
  stoa_str (*cookie)(const stoa_request* request, stoa_str name);
  stoa_str (*body)(const stoa_request* request);
  stoa_str (*peer)(const stoa_request* request);                       /* client address, behind trusted proxies the forwarded one */
  stoa_str (*request_id)(const stoa_request* request);
  const stoa_principal* (*user)(const stoa_request* request);          /* NULL: a stranger */

  /* [worker] Exactly one of these, once. */
  stoa_status (*respond)(stoa_request* request, const stoa_response* response);
  stoa_status (*fail)(stoa_request* request, const stoa_error* error); /* a problem document */
  /* The answer comes later; the request itself is gone when the handler returns. */
  stoa_status (*defer)(stoa_request* request, stoa_deferred* deferred);

  /* [any-thread] Once; STOA_E_STALE when it was answered already, its deadline passed, or its client is gone. */
  stoa_status (*complete)(stoa_ctx* ctx, stoa_deferred deferred, const stoa_response* response);
  stoa_status (*complete_error)(stoa_ctx* ctx, stoa_deferred deferred, const stoa_error* error);
  /* [worker] The permission is declared and the user of this request has it. */
  int (*allowed)(const stoa_request* request, stoa_str permission);
} stoa_routes_v1;

/* ---- stoa.hooks/1 ----------------------------------------------------------------------------------------------------------- */

typedef int32_t stoa_hook_verdict;
enum {
  STOA_HOOK_CONTINUE = 0, /* unchanged */
  STOA_HOOK_MODIFIED = 1, /* the new payload was written to the sink */
  STOA_HOOK_REJECTED = 2, /* set_error tells why */
  STOA_HOOK_FAILED = 3    /* it could not decide: see on_error */
};

typedef uint32_t stoa_hook_on_error;
enum { STOA_HOOK_OPEN = 0 /* go on without it */, STOA_HOOK_CLOSED = 1 /* fail what was asked */ };

typedef struct stoa_filter {
  uint32_t size;
  int32_t priority; /* low first; then by plugin id */
  stoa_str hook;    /* "posts.post.create/1" */
  stoa_hook_on_error on_error;
  uint32_t reserved;
  /* [worker] The thread that fired it. `payload` is JSON. */
  stoa_hook_verdict (*call)(void* self, stoa_str payload, const stoa_sink* modified);
  void* self;
} stoa_filter;

#define STOA_HOOKS_ID "stoa.hooks/1"
typedef struct stoa_hooks_v1 {
  uint32_t size;
  uint32_t reserved;
  /* [create] This plugin will fire it. The id begins with the plugin's id and a dot. */
  stoa_status (*define)(stoa_ctx* ctx, stoa_str hook);
  /* [create] A filter of a hook nobody defines is never called. */
  stoa_status (*filter)(stoa_ctx* ctx, const stoa_filter* filter);
  /* [worker] The payload after all filters. A rejection is the status and error the filter set. */
  stoa_status (*fire)(stoa_ctx* ctx, stoa_str hook, stoa_str payload, const stoa_sink* out);
} stoa_hooks_v1;

/* ---- stoa.storage/1 --------------------------------------------------------------------------------------------------------- */

typedef struct stoa_tx stoa_tx;         /* valid in its closure, on that thread */
typedef struct stoa_cursor stoa_cursor; /* valid until the next statement of its transaction */
typedef stoa_status (*stoa_tx_fn)(void* self, stoa_tx* tx);

#define STOA_STORAGE_ID "stoa.storage/1"
typedef struct stoa_storage_v1 {
  uint32_t size;
  uint32_t reserved;
  /* [worker][jobs][lifecycle, from start on] One snapshot. The status of fn is returned. */
  stoa_status (*read)(stoa_ctx* ctx, stoa_tx_fn fn, void* self);
  /* The same; fn runs on the writer thread; returns after the change is on the disk. Storage calls only in fn. */
  stoa_status (*write)(stoa_ctx* ctx, stoa_tx_fn fn, void* self);
  /* [any-thread but the writer] Does not wait: `done` is called once, on the writer thread after the sync, or at once when
   * the queue is full; last_error is set for it. */
  stoa_status (*write_async)(stoa_ctx* ctx, stoa_tx_fn fn, void* self, void (*done)(void* self, stoa_status status));

  /* In the closure. One statement; parameters ?1, ?2, …; only tables of this plugin (<id>_*). A broken constraint is
   * STOA_E_CONFLICT: the first field error has the kind as code ("unique", "foreign_key", "not_null", "check") and the
   * column as detail ("auth_user.email"). */
  stoa_status (*exec)(stoa_tx* tx, stoa_str sql, const stoa_value* values, size_t count, int64_t* changed);
  /* types: what each column is read as; STOA_TEXT also reads blobs of text. */
  stoa_status (*query)(stoa_tx* tx, stoa_str sql, const stoa_value* values, size_t count, const stoa_type* types,
                       size_t columns, stoa_cursor** cursor);
  /* The next row: its first `columns` values to `row`, of the types asked for or STOA_NULL. has_row 0: there is none, `row` is
   * untouched. Text is valid until next or close. */
  stoa_status (*next)(stoa_cursor* cursor, stoa_value* row, size_t columns, int* has_row);
  void (*close)(stoa_cursor* cursor);
  int64_t (*last_insert_id)(stoa_tx* tx);
  /* The event log's head in this snapshot. */
  stoa_status (*log_head)(stoa_tx* tx, uint64_t* seq);
  /* Write closures: cached answers with these tags are dropped at the commit. */
  stoa_status (*drop_tags)(stoa_tx* tx, const stoa_str* tags, size_t count);
  /* Write closures: called on the writer thread after the commit and before the write returns, in order; never when the
   * closure fails (then `drop` is called instead). Short, no storage calls. For state kept in memory. */
  stoa_status (*on_commit)(stoa_tx* tx, void* self, void (*action)(void* self), void (*drop)(void* self));
} stoa_storage_v1;

/* ---- stoa.events/1 ---------------------------------------------------------------------------------------------------------- */

typedef struct stoa_new_event {
  uint32_t size;
  uint32_t reserved;
  stoa_str type;    /* "posts.comment.created": begins with the plugin's id and a dot */
  stoa_str subject; /* "comment:17", scoped to the plugin; may be empty */
  const stoa_str* channels; /* the audience, always named: may be empty only for durable subscribers alone */
  size_t channel_count;
  stoa_str data;    /* a JSON object */
} stoa_new_event;

typedef struct stoa_event {
  uint32_t size;
  uint32_t reserved;
  uint64_t seq;
  int64_t time_ms;
  stoa_str owner;
  stoa_str type;
  stoa_str subject;
  stoa_str data; /* "{}" once its subject was redacted */
} stoa_event;

typedef struct stoa_subscriber {
  uint32_t size;
  uint32_t flags; /* STOA_SUBSCRIBE_* */
  stoa_str name;  /* of the cursor; durable only */
  const stoa_str* types; /* exact, or with a final ".*" */
  size_t type_count;
  /* Durable: [writer] in a write transaction in which the cursor advances too; storage calls only. A failure is tried
   * five times, then the event is parked. Live: [jobs], tx NULL, best effort. */
  stoa_status (*apply)(void* self, stoa_tx* tx, const stoa_event* event);
  void* self;
} stoa_subscriber;
enum {
  STOA_SUBSCRIBE_DURABLE = 1u << 0,
  STOA_SUBSCRIBE_FROM_OLDEST = 1u << 1 /* a first cursor starts at the oldest entry, else at the head */
};

#define STOA_EVENTS_ID "stoa.events/1"
typedef struct stoa_events_v1 {
  uint32_t size;
  uint32_t reserved;
  /* [writer] In a write closure. */
  stoa_status (*emit)(stoa_tx* tx, const stoa_new_event* event, uint64_t* seq);
  /* [writer] Empties the data of this plugin's earlier events of that subject. */
  stoa_status (*redact)(stoa_tx* tx, stoa_str subject);
  /* [create] Events of others; its own are not sent to it. */
  stoa_status (*subscribe)(stoa_ctx* ctx, const stoa_subscriber* subscriber);
} stoa_events_v1;

/* ---- stoa.realtime/1 -------------------------------------------------------------------------------------------------------- */

typedef struct stoa_operation {
  uint32_t size;
  uint32_t reserved;
  const stoa_principal* user; /* NULL: a stranger */
  stoa_str connection;
  stoa_str op;
  stoa_str channel;
  stoa_str message; /* the client's whole frame, a JSON object */
} stoa_operation;

typedef struct stoa_channel_claim {
  uint32_t size;
  uint32_t reserved;
  stoa_str prefix; /* "chat:" claims chat:…; without a final colon that one channel */
  /* [worker] May this user (NULL: a stranger) listen? STOA_OK, FORBIDDEN, UNAUTHENTICATED or NOT_FOUND. */
  stoa_status (*authorize)(void* self, const stoa_principal* user, stoa_str channel);
  /* [worker] A client's own operation on a channel it has joined. NULL: none. */
  stoa_status (*operate)(void* self, const stoa_operation* operation);
  void* self;
} stoa_channel_claim;

typedef uint32_t stoa_presence;
enum { STOA_OFFLINE = 0, STOA_AWAY = 1, STOA_ONLINE = 2 };

#define STOA_REALTIME_ID "stoa.realtime/1"
typedef struct stoa_realtime_v1 {
  uint32_t size;
  uint32_t reserved;
  /* [create] Two owners of one prefix fail the load. "system", "user:" and "presence" are the host's. */
  stoa_status (*claim)(stoa_ctx* ctx, const stoa_channel_claim* claim);
  /* [any-thread] To the listeners of an own channel except that connection (empty: all). Not stored. */
  stoa_status (*ephemeral)(stoa_ctx* ctx, stoa_str channel, stoa_str type, stoa_str data, stoa_str except_connection);
  /* [writer] At the commit: the user no longer listens on that channel; later events do not reach it. */
  stoa_status (*revoke)(stoa_tx* tx, stoa_str channel, int64_t user_id);
  /* [writer] At the commit: sockets of that session are closed. Only the provider of stoa.identity/1. */
  stoa_status (*end_session)(stoa_tx* tx, stoa_str session_id);
  /* [writer] At the commit: the user's joined channels are authorised anew. Only the provider of stoa.identity/1. */
  stoa_status (*recheck_user)(stoa_tx* tx, int64_t user_id);
  /* [any-thread] */
  stoa_presence (*presence)(stoa_ctx* ctx, int64_t user_id);
} stoa_realtime_v1;

/* ---- stoa.services/1 -------------------------------------------------------------------------------------------------------- */

typedef uint64_t stoa_lease;

#define STOA_SERVICES_ID "stoa.services/1"
typedef struct stoa_services_v1 {
  uint32_t size;
  uint32_t reserved;
  /* [create] `table` begins with uint32_t size and lives until destroy. One provider for each id. */
  stoa_status (*provide)(stoa_ctx* ctx, stoa_str id, const void* table);
  /* [any-thread, from start on] The provider's table, held until release. Its functions run on the caller's thread.
   * STOA_E_NOT_FOUND when nobody provides it now, STOA_E_UNSUPPORTED when its table is smaller than min_size. */
  stoa_status (*acquire)(stoa_ctx* ctx, stoa_str id, uint32_t min_size, const void** table, stoa_lease* lease);
  void (*release)(stoa_ctx* ctx, stoa_lease lease);
  /* [create] `available` is called [lifecycle] whenever a provider of `id` has become active (also right after this
   * plugin's own start, when there is one), `gone` before it drains. An upgrade of the provider calls neither: the next
   * acquire gives the new one. Either may be NULL. */
  stoa_status (*watch)(stoa_ctx* ctx, stoa_str id, void* self, void (*available)(void* self), void (*gone)(void* self));
} stoa_services_v1;

/* ---- stoa.clock/1, stoa.random/1 ----------------------------------------------------------------------------------------------- */

#define STOA_CLOCK_ID "stoa.clock/1"
typedef struct stoa_clock_v1 {
  uint32_t size;
  uint32_t reserved;
  int64_t (*now_ms)(stoa_ctx* ctx);       /* [any-thread] wall clock */
  int64_t (*monotonic_ms)(stoa_ctx* ctx); /* [any-thread] never goes back */
} stoa_clock_v1;

#define STOA_RANDOM_ID "stoa.random/1"
typedef struct stoa_random_v1 {
  uint32_t size;
  uint32_t reserved;
  /* [any-thread] Cryptographically secure bytes. */
  stoa_status (*bytes)(stoa_ctx* ctx, void* out, size_t count);
} stoa_random_v1;

/* ---- stoa.permissions/1 ------------------------------------------------------------------------------------------------------- */

#define STOA_PERMISSIONS_ID "stoa.permissions/1"
typedef struct stoa_permissions_v1 {
  uint32_t size;
  uint32_t reserved;
  /* [create] "posts.moderate", held by that role and those above it. Begins with the plugin's id and a dot. */
  stoa_status (*declare)(stoa_ctx* ctx, stoa_str permission, stoa_role lowest_role);
  /* [any-thread] STOA_OK, STOA_E_UNAUTHENTICATED (user NULL), STOA_E_FORBIDDEN. */
  stoa_status (*check)(stoa_ctx* ctx, const stoa_principal* user, stoa_str permission);
} stoa_permissions_v1;

/* ---- stoa.ui/1 ---------------------------------------------------------------------------------------------------------------- */

/* What a page handler gives: the public view, for readers without scripts and for the first paint. */
typedef struct stoa_page_content {
  uint32_t size;
  uint32_t status;      /* 200 or 404 */
  stoa_str title;
  stoa_str description; /* plain text for search engines; may be empty */
  stoa_str canonical;   /* path of the page's one true address; empty: the requested path */
  stoa_str html;        /* semantic HTML, already safe */
  stoa_str payload;     /* JSON for the application: what its first request would have fetched; may be empty */
  const stoa_str* tags; /* as in stoa_response */
  size_t tag_count;
  uint64_t seq;
} stoa_page_content;

typedef struct stoa_page {
  uint32_t size;
  uint32_t reserved;
  stoa_str pattern; /* as a route's, outside /api */
  stoa_str name;    /* "posts.feed": tells the application whose payload it is */
  /* [worker] Calls render once, or fails with a status (a 404 page for STOA_E_NOT_FOUND). The user is always NULL. */
  stoa_status (*handler)(void* self, stoa_request* request);
  void* self;
} stoa_page;

#define STOA_UI_ID "stoa.ui/1"
typedef struct stoa_ui_v1 {
  uint32_t size;
  uint32_t reserved;
  stoa_status (*page)(stoa_ctx* ctx, const stoa_page* page);                                /* [create] */
  stoa_status (*render)(stoa_request* request, const stoa_page_content* content);           /* [worker] in a page handler */
} stoa_ui_v1;

/* ---- stoa.commands/1 ------------------------------------------------------------------------------------------------------------ */

typedef struct stoa_command_option {
  uint32_t size;
  uint32_t flags;  /* STOA_OPTION_* */
  stoa_str name;   /* "nickname" is given as --nickname VALUE */
  stoa_str help;
} stoa_command_option;
enum { STOA_OPTION_REQUIRED = 1u << 0, STOA_OPTION_FLAG = 1u << 1 /* takes no value */ };

typedef struct stoa_command {
  uint32_t size;
  uint32_t reserved;
  stoa_str name; /* "user create": one or two words */
  stoa_str help;
  const stoa_command_option* const* options;
  size_t option_count;
  /* [worker] In the running server, or in the command's own process when none runs. `arguments` is a JSON object:
   * strings, and true for flags. Output for people; an error by set_error. */
  stoa_status (*run)(void* self, stoa_str arguments, const stoa_sink* out);
  void* self;
} stoa_command;

#define STOA_COMMANDS_ID "stoa.commands/1"
typedef struct stoa_commands_v1 {
  uint32_t size;
  uint32_t reserved;
  stoa_status (*add)(stoa_ctx* ctx, const stoa_command* command); /* [create] */
} stoa_commands_v1;

/* ---- stoa.jobs/1 ---------------------------------------------------------------------------------------------------------------- */

typedef uint64_t stoa_job; /* of one generation; a stale one is an error, never a crash */

/* A durable queue: what was enqueued is run at least once, also after a crash or while the plugin was off for a time. */
typedef struct stoa_queue {
  uint32_t size;
  uint32_t attempts;   /* 1 … 20 in all; then the entry is parked and shown to the operator */
  stoa_str name;       /* [a-z][a-z0-9_]{0,31}, its own within the plugin */
  uint32_t backoff_ms; /* after the first failure, 1 … 3,600,000; doubled at each further one, at most an hour */
  uint32_t reserved;
  /* [jobs] One entry of this queue at a time. Any status but STOA_OK is a failure. */
  stoa_status (*run)(void* self, stoa_job job, stoa_str payload);
  void* self;
} stoa_queue;

#define STOA_JOBS_ID "stoa.jobs/1"
typedef struct stoa_jobs_v1 {
  uint32_t size;
  uint32_t reserved;
  /* [create] Entries wait for the queue of that name whoever has written them: also those of an earlier version. */
  stoa_status (*queue)(stoa_ctx* ctx, const stoa_queue* queue);
  /* [writer] In a write closure: run after its commit, and not before run_at_ms (wall clock; 0: at once). `payload` is JSON,
   * at most 64 KiB: else STOA_E_TOO_LARGE. At most 100,000 entries of one plugin wait: STOA_E_OVERLOADED. */
  stoa_status (*enqueue)(stoa_tx* tx, stoa_str queue, stoa_str payload, int64_t run_at_ms);
  /* [any-thread, from start on] Calls run once [jobs], `delay_ms` from now, counted from when the plugin is active if it is
   * not yet. Gone with the generation. At most 1,000 timers of one plugin: STOA_E_OVERLOADED. */
  stoa_status (*after)(stoa_ctx* ctx, uint32_t delay_ms, void* self, void (*run)(void* self, stoa_job job), stoa_job* job);
  /* The same every period_ms (100 … 86,400,000), for the first time after one period; never twice at once: a run that takes
   * longer leaves the next one out. */
  stoa_status (*every)(stoa_ctx* ctx, uint32_t period_ms, void* self, void (*run)(void* self, stoa_job job), stoa_job* job);
  /* [any-thread] It will not be called again; one that runs now sees stopping. STOA_E_STALE: it is no more. */
  stoa_status (*cancel)(stoa_ctx* ctx, stoa_job job);
  /* [jobs] In that run: not zero when it should come to its end, because it was cancelled or the plugin drains. */
  int (*stopping)(stoa_ctx* ctx, stoa_job job);
} stoa_jobs_v1;

/* ---- stoa.metrics/1 ------------------------------------------------------------------------------------------------------------- */

typedef uint64_t stoa_metric;

typedef uint32_t stoa_metric_kind;
enum { STOA_COUNTER = 0, STOA_GAUGE = 1, STOA_HISTOGRAM = 2 };

typedef struct stoa_metric_desc {
  uint32_t size;
  stoa_metric_kind kind;
  stoa_str name; /* [a-z][a-z0-9_]{0,63}; shown as stoa_<plugin>_<name>; a counter's ends with "_total" */
  stoa_str help; /* one sentence */
  const stoa_str* labels; /* names, [a-z][a-z0-9_]{0,31}, at most 4; never an id, address or name of a person */
  size_t label_count;
  const double* bounds; /* histograms: rising upper bounds, at most 20; +Inf is added */
  size_t bound_count;
} stoa_metric_desc;

#define STOA_METRICS_ID "stoa.metrics/1"
typedef struct stoa_metrics_v1 {
  uint32_t size;
  uint32_t reserved;
  /* [create] Shown while this plugin is active. An upgrade goes on with the values of a metric that is described alike; a
   * plugin that was off begins at 0. At most 100 of one plugin: STOA_E_OVERLOADED. */
  stoa_status (*define)(stoa_ctx* ctx, const stoa_metric_desc* desc, stoa_metric* metric);
  /* [any-thread] Adds to a counter (nothing below 0) or gauge, or observes a value of a histogram. `values` are those of the
   * labels, in their order, each at most 64 bytes. Beyond 100 combinations of one metric all values are counted as "other". */
  stoa_status (*record)(stoa_ctx* ctx, stoa_metric metric, double amount, const stoa_str* values, size_t value_count);
  /* [any-thread] Sets a gauge. */
  stoa_status (*set)(stoa_ctx* ctx, stoa_metric metric, double amount, const stoa_str* values, size_t value_count);
} stoa_metrics_v1;

#ifdef __cplusplus
}
#endif

#endif /* STOA_STOA_H */
