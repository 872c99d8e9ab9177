// What may be wrong with an argument that a plugin gives the host: told.
#pragma once

#include "stoa/stoa.h"
#include "validate/watch.hpp"

namespace stoa::core::validate {

template <class T>
void look(Watch&, const char*, const T&) {}

void look(Watch&, const char*, stoa_str text);
void look(Watch&, const char*, const stoa_response* response);
void look(Watch&, const char*, const stoa_error* error);
void look(Watch&, const char*, const stoa_new_event*);
void look(Watch&, const char*, const stoa_page_content* page);
void look(Watch&, const char*, const stoa_route* route);
void look(Watch&, const char*, const stoa_filter* filter);
void look(Watch&, const char*, const stoa_subscriber* subscriber);
void look(Watch&, const char*, const stoa_channel_claim* claim);
void look(Watch&, const char*, const stoa_page* page);
void look(Watch&, const char*, const stoa_command* command);
void look(Watch&, const char*, const stoa_queue* queue);
void look(Watch&, const char*, const stoa_metric_desc* desc);

}  // namespace stoa::core::validate
