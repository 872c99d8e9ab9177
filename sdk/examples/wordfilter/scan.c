#include "scan.h"

size_t scan_unit(stoa_str text) {
  if (text.ptr[0] != '\\') return 1;
  return text.len > 1 && text.ptr[1] == 'u' ? 6 : 2;
}

static stoa_str part(stoa_str text, size_t begin, size_t end) {
  stoa_str out = {text.ptr + begin, end - begin};
  return out;
}

/* Behind the string whose quote stands at `at`. */
static size_t end_of_string(stoa_str json, size_t at) {
  for (++at; at < json.len && json.ptr[at] != '"'; at += scan_unit(part(json, at, json.len))) {
  }
  return at + 1;
}

static int is_key(stoa_str json, size_t after) {
  while (after < json.len && (json.ptr[after] == ' ' || json.ptr[after] == '\n')) ++after;
  return after < json.len && json.ptr[after] == ':';
}

scan scan_of(stoa_str json) {
  scan scanned = {json, 0, 0, {json.ptr, 0}, {json.ptr, 0}};
  return scanned;
}

int scan_next(scan* s) {
  while (s->at < s->json.len) {
    const char c = s->json.ptr[s->at];
    if (c == '"') {
      const size_t end = end_of_string(s->json, s->at);
      const stoa_str text = part(s->json, s->at + 1, end - 1);
      s->at = end;
      if (!is_key(s->json, end)) {
        s->value = text;
        return 1;
      }
      if (s->depth == 1) s->key = text;
      continue;
    }
    if (c == '{' || c == '[') ++s->depth;
    if (c == '}' || c == ']') --s->depth;
    ++s->at;
  }
  return 0;
}
