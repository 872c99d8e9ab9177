/* The strings of a JSON object, one after the other: all that this plugin needs of JSON. The text is known to be valid. */
#ifndef WORDFILTER_SCAN_H
#define WORDFILTER_SCAN_H

#include <stddef.h>

#include <stoa/stoa.h>

typedef struct scan {
  stoa_str json;
  size_t at; /* how far it has come */
  int depth;
  stoa_str key;   /* of the outermost object's member that `value` belongs to */
  stoa_str value; /* between its quotes, escapes as they stand */
} scan;

scan scan_of(stoa_str json);
/* Goes to the next string that is a value; 0 when there is none. */
int scan_next(scan* scanned);

/* Bytes of the character or escape that begins there: "\n" is two, "\u00e9" six. */
size_t scan_unit(stoa_str text);

#endif /* WORDFILTER_SCAN_H */
