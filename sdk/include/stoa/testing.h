/* testing.h: a host for tests of plugins, in the test's own process. stoa/testing.hpp is the pleasant way to use it.
 *
 * The library behind it (StoaSdk::testing) is the host's own router, checks, hooks, storage, event log and lifecycle. There
 * are no sockets; time, random bytes and faults are in the test's hand. A test uses one host at a time, from any thread.
 */
#ifndef STOA_TESTING_H
#define STOA_TESTING_H

#include "stoa/stoa.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct stoa_test stoa_test;

/* `options`, a JSON object: "plugins" (paths of files; what they require is found beside the library), "with" (ids of bundled
 * plugins to run too), "settings" ({"<plugin id>": {…}}: numbers, texts, flags, and lists of those), "private" (false),
 * "limits" (false), "now_ms" (2026-01-01T00:00:00Z), "seed" (1). NULL: what stood in the way is written to `problem`. */
STOA_EXPORT stoa_test* stoa_test_open(stoa_str options, const stoa_sink* problem);
/* Stops the host and removes its data. */
STOA_EXPORT void stoa_test_close(stoa_test* test);

/* One request. user_id 0: a stranger. `accept` is called once, within this call. STOA_OK, or what stood in the way is written
 * to `problem`. A request that the host refuses is an answer too. */
STOA_EXPORT stoa_status stoa_test_request(stoa_test* test, stoa_str method, stoa_str target, const stoa_kv* headers,
                                          size_t header_count, stoa_str body, int64_t user_id, void* self,
                                          void (*accept)(void* self, const stoa_response* answer),
                                          const stoa_sink* problem);

/* Everything else: `name` with a JSON object of arguments; the answer, a JSON object, is written to `answer`. When the status is
 * not STOA_OK it is a sentence instead.
 *   user        {nickname, role}                      -> {id}
 *   connect     {user}                                -> {client}
 *   disconnect  {client}                              -> {}
 *   subscribe   {client, channel, since?}             -> {problem}   empty, or "forbidden", "not-found", …
 *   operate     {client, op, channel, message}        -> {problem}   null, or a problem document
 *   frames      {client}                              -> {items}     since the last call, as a browser gets them
 *   events      {}                                    -> {items: [{seq, time_ms, owner, type, subject, channels, data}]}
 *   emit        {owner, type, subject, channels, data}-> {seq}       as if that plugin had
 *   settle      {}                                    -> {}          every durable subscriber is done
 *   advance     {ms}                                  -> {now_ms}
 *   fail_writes {error, count}                        -> {}          the next writes of plugins; "unavailable", "overloaded", …
 *   fail_reads  {error, count}                        -> {}
 *   service     {id, gone}                            -> {}          acquire finds it no longer, or again
 *   command     {words}                               -> {status, out, err}
 *   logs        {}                                    -> {items}     lines
 *   restart     {}                                    -> {}          stops, and starts on the same data */
STOA_EXPORT stoa_status stoa_test_call(stoa_test* test, stoa_str name, stoa_str arguments, const stoa_sink* answer);

#ifdef __cplusplus
}
#endif

#endif /* STOA_TESTING_H */
