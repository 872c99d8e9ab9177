/* The words that are not wanted, as the settings name them. Immutable once read. */
#ifndef WORDFILTER_WORDS_H
#define WORDFILTER_WORDS_H

#include <stddef.h>

#include <stoa/stoa.h>

typedef struct words {
  struct words* next; /* the list that it took the place of */
  int rejects;        /* else they are masked */
  size_t count;
  stoa_str* all; /* lower case (ASCII) */
  char* text;    /* where they stand */
} words;

/* Of {"words":[…],"action":…}, which has been checked against the schema in plugin.json. NULL: no memory. */
words* words_read(stoa_str settings);
void words_free(words* list);

/* Whether there is an unwanted word in what is between the quotes of a JSON string, from a place outside of words on; then
 * where, and how long it is. */
int words_find(const words* list, stoa_str written, size_t from, size_t* at, size_t* length);
/* The same string with a star for each character of such words. */
void words_mask(const words* list, stoa_str written, const stoa_sink* out);

/* Output that is kept. Begins as {NULL, 0, 0}; its owner frees `ptr`. */
typedef struct buffer {
  char* ptr;
  size_t len;
  int failed; /* no memory */
} buffer;
stoa_sink buffer_sink(buffer* out);
stoa_str buffer_text(const buffer* out);

#endif /* WORDFILTER_WORDS_H */
