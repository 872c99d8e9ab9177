/* The ELF note .note.stoa: what a host reads of a plugin before any of its code runs. */
#ifndef STOA_NOTE_H
#define STOA_NOTE_H

#include "stoa/stoa.h"

#define STOA_NOTE_NAME "Stoa"
#define STOA_NOTE_TYPE 1u

/* The descriptor of the note. Grows at its end only. Texts end with a zero. */
typedef struct stoa_note_desc {
  uint32_t size;
  uint32_t abi_major;
  uint32_t sdk_built;
  uint32_t sdk_minimum;
  char id[32];
  char version[32];
  char compiler[64];
} stoa_note_desc;

#if defined(__clang__)
#define STOA_COMPILER "clang " __clang_version__
#elif defined(__GNUC__)
#define STOA_COMPILER "gcc " __VERSION__
#else
#define STOA_COMPILER "unknown"
#endif

/* Once in a plugin, at file scope, in C. stoa_add_plugin() does it. */
#define STOA_NOTE(plugin_id, plugin_version)                                                               \
  static const struct {                                                                                    \
    uint32_t name_size, desc_size, type;                                                                   \
    char name[8];                                                                                          \
    stoa_note_desc desc;                                                                                   \
  } stoa_note __attribute__((section(".note.stoa"), used, aligned(4))) = {                                 \
      sizeof(STOA_NOTE_NAME), sizeof(stoa_note_desc), STOA_NOTE_TYPE, STOA_NOTE_NAME,                      \
      {sizeof(stoa_note_desc), STOA_ABI_MAJOR, STOA_SDK_VERSION, STOA_ABI_MAJOR * 1000000u, plugin_id,     \
       plugin_version, STOA_COMPILER}};

#endif /* STOA_NOTE_H */
