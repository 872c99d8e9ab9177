#include "words.h"

#include <stdlib.h>
#include <string.h>

#include "scan.h"

static char lower(char c) {
  return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* A letter or digit; every byte beyond ASCII counts as one. */
static int is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

static int is(stoa_str text, const char* literal) {
  return text.len == strlen(literal) && memcmp(text.ptr, literal, text.len) == 0;
}

words* words_read(stoa_str settings) {
  words* list = calloc(1, sizeof *list);
  scan found = scan_of(settings);
  size_t used = 0, i;
  if (!list) return NULL;
  /* No more words than bytes, and no more text either. */
  list->all = calloc(settings.len + 1, sizeof *list->all);
  list->text = malloc(settings.len + 1);
  if (!list->all || !list->text) {
    words_free(list);
    return NULL;
  }
  while (scan_next(&found)) {
    if (is(found.key, "action")) list->rejects = is(found.value, "reject");
    if (!is(found.key, "words")) continue;
    for (i = 0; i < found.value.len; ++i) list->text[used + i] = lower(found.value.ptr[i]);
    list->all[list->count].ptr = list->text + used;
    list->all[list->count].len = found.value.len;
    list->count += 1;
    used += found.value.len;
  }
  return list;
}

void words_free(words* list) {
  if (!list) return;
  free(list->all);
  free(list->text);
  free(list);
}

/* The length of the unwanted word that begins at `text`, as a whole word; 0 for none. */
static size_t match(const words* list, stoa_str text) {
  size_t i, j;
  for (i = 0; i < list->count; ++i) {
    const stoa_str word = list->all[i];
    if (word.len > text.len) continue;
    for (j = 0; j < word.len && lower(text.ptr[j]) == word.ptr[j]; ++j) {
    }
    if (j == word.len && (j == text.len || !is_letter(text.ptr[j]))) return j;
  }
  return 0;
}

int words_find(const words* list, stoa_str written, size_t from, size_t* at, size_t* length) {
  int inside = 0; /* a word, whose middle is no beginning of one */
  size_t i = from;
  while (i < written.len) {
    const stoa_str rest = {written.ptr + i, written.len - i};
    const size_t unit = scan_unit(rest);
    *length = inside || unit > 1 ? 0 : match(list, rest);
    if (*length > 0) {
      *at = i;
      return 1;
    }
    inside = unit == 1 && is_letter(rest.ptr[0]);
    i += unit;
  }
  return 0;
}

static void put(const stoa_sink* out, const char* ptr, size_t len) {
  const stoa_str bytes = {ptr, len};
  if (len > 0) out->write(out->self, bytes);
}

void words_mask(const words* list, stoa_str written, const stoa_sink* out) {
  size_t copied = 0, at = 0, length = 0, i;
  while (words_find(list, written, copied, &at, &length)) {
    put(out, written.ptr + copied, at - copied);
    for (i = 0; i < length; ++i) {
      /* One star for each character, not for each byte of it. */
      if (((unsigned char)written.ptr[at + i] & 0xC0u) != 0x80u) put(out, "*", 1);
    }
    copied = at + length;
  }
  put(out, written.ptr + copied, written.len - copied);
}

static void append(void* opaque, stoa_str bytes) {
  buffer* out = opaque;
  char* grown = realloc(out->ptr, out->len + bytes.len + 1);
  if (!grown) {
    out->failed = 1;
    return;
  }
  memcpy(grown + out->len, bytes.ptr, bytes.len);
  out->ptr = grown;
  out->len += bytes.len;
}

stoa_sink buffer_sink(buffer* out) {
  stoa_sink sink = {out, append};
  return sink;
}

stoa_str buffer_text(const buffer* out) {
  stoa_str text = {out->ptr, out->len};
  return text;
}
