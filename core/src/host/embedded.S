.section .note.GNU-stack,"",%progbits
.section .rodata
.globl stoa_openapi_begin
.globl stoa_openapi_end
stoa_openapi_begin:
.incbin STOA_OPENAPI_FILE
stoa_openapi_end:
.byte 0
