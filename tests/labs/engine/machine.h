/*
 * machine.h - what differs from one processor to another
 *
 * To add one: its registers, its breakpoint and its system call instruction, and
 * whether it can be stepped (CAN_STEP). Where it cannot, the scheduling points are
 * the system calls alone. On a processor that is not here every check is skipped.
 */
#ifndef MACHINE_H
#define MACHINE_H

#include <stdint.h>
#include <sys/user.h>

#if defined(__x86_64__) && !defined(__ILP32__)
typedef struct user_regs_struct registers;
#define IP(r) ((r).rip)
#define SP(r) ((r).rsp)
#define RESULT(r) ((r).rax)
#define ARGUMENT(r, n)     \
    (*(n == 0   ? &(r).rdi \
       : n == 1 ? &(r).rsi \
       : n == 2 ? &(r).rdx \
       : n == 3 ? &(r).r10 \
       : n == 4 ? &(r).r8  \
                : &(r).r9))
#define BREAK "\xcc"    /* int3 */
#define AFTER_BREAK 1   /* how far ip is behind it then */
#define CALL "\x0f\x05" /* syscall */
#define CALL_LENGTH 2
#define CAN_STEP 1
#define KEEPS_FIRST 1 /* a call's result lies elsewhere */
#define RED_ZONE 128  /* bytes below the stack that are in use, too */
#elif defined(__aarch64__)
typedef struct user_regs_struct registers;
#define IP(r) ((r).pc)
#define SP(r) ((r).sp)
#define RESULT(r) ((r).regs[0])
#define ARGUMENT(r, n) ((r).regs[n])
#define BREAK "\x00\x00\x20\xd4" /* brk #0 */
#define AFTER_BREAK 0
#define CALL "\x01\x00\x00\xd4" /* svc #0 */
#define CALL_LENGTH 4
/* A step between a load and a store exclusive makes the store fail every time:
   a lock taken so would never be taken. */
#define CAN_STEP 0
#define KEEPS_FIRST 0
#define RED_ZONE 0
#else
#define UNKNOWN_MACHINE
typedef struct {
    uint64_t ip, sp, result, argument[6];
} registers;
#define IP(r) ((r).ip)
#define SP(r) ((r).sp)
#define RESULT(r) ((r).result)
#define ARGUMENT(r, n) ((r).argument[n])
#define BREAK ""
#define AFTER_BREAK 0
#define CALL "?"
#define CALL_LENGTH 1
#define CAN_STEP 0
#define KEEPS_FIRST 0
#define RED_ZONE 0
#endif

/* True if no other processor can come into the instruction that CODE begins
   with: after prefixes, the lock prefix; or xchg with memory, which needs none. */
static inline int is_atomic(const unsigned char *code, int length)
{
    int i = 0;
    while (i < 4 && i < length && (code[i] == 0x66 || (code[i] & 0xf0) == 0x40))
        i++;
    return !CAN_STEP || code[i] == 0xf0 || code[i] == 0x86 || code[i] == 0x87;
}

/* What the instruction that CODE begins with reads or writes, apart from the stack
   by push and call: NOTHING in memory, what is AT this address, or UNSURE. */
enum operand { NOTHING, MEMORY, UNSURE };

#if CAN_STEP
/* Intel's manual, volume 2, 2.1 and appendix A: has this opcode a ModRM byte? */
static inline enum operand has_modrm(const unsigned char **code)
{
    const unsigned char op = *(*code)++;
    if (op == 0x0f) {
        const unsigned char second = *(*code)++;
        if (second == 0x38 || second == 0x3a)
            (*code)++;
        return second == 0x05 || (second & 0xf0) == 0x80 ||
                       (second >= 0xa0 && second <= 0xa2) ||
                       (second >= 0xc8 && second <= 0xcf)
                   ? NOTHING
                   : MEMORY;
    }
    if (op < 0x40)
        return (op & 7) < 4 ? MEMORY : NOTHING;
    if (op == 0xc4 || op == 0xc5 || op == 0x62 || (op >= 0xa0 && op <= 0xa7) ||
        (op >= 0xaa && op <= 0xaf)) /* VEX, EVEX; string operations */
        return UNSURE;
    return op == 0x63 || op == 0x69 || op == 0x6b ||
                   (op >= 0x80 && op <= 0x8c) || op == 0x8e || op == 0xc0 ||
                   op == 0xc1 || op == 0xc6 || op == 0xc7 ||
                   (op >= 0xd0 && op <= 0xd3) || op == 0xf6 || op == 0xf7 ||
                   op >= 0xfe
               ? MEMORY
               : NOTHING;
}

static inline enum operand memory_operand(const unsigned char *code,
                                          const registers *r, uint64_t *at)
{
    const uint64_t values[16] = {r->rax, r->rcx, r->rdx, r->rbx, r->rsp, r->rbp,
                                 r->rsi, r->rdi, r->r8,  r->r9,  r->r10, r->r11,
                                 r->r12, r->r13, r->r14, r->r15};
    int rex = 0;
    while (*code == 0x66 || *code == 0xf2 || *code == 0xf3 || *code == 0xf0)
        code++;
    if ((*code & 0xf0) == 0x40)
        rex = *code++;
    const enum operand found = has_modrm(&code);
    if (found != MEMORY)
        return found;
    const int mod = *code >> 6, rm = *code & 7;
    code++;
    if (mod == 3)
        return NOTHING;
    if (mod == 0 && rm == 5)
        return NOTHING; /* of its own: relative to ip */
    int64_t sum;
    if (rm == 4) { /* a SIB byte */
        const int index = (*code >> 3 & 7) | (rex & 2 ? 8 : 0),
                  base = (*code & 7) | (rex & 1 ? 8 : 0), scale = *code >> 6;
        if (mod == 0 && (base & 7) == 5)
            return UNSURE;
        code++;
        sum = (int64_t)values[base];
        if (index != 4)
            sum += (int64_t)(values[index] << scale);
    } else {
        sum = (int64_t)values[rm | (rex & 1 ? 8 : 0)];
    }
    if (mod == 1)
        sum += (signed char)*code;
    else if (mod == 2)
        sum += (int32_t)((uint32_t)code[0] | (uint32_t)code[1] << 8 |
                         (uint32_t)code[2] << 16 | (uint32_t)code[3] << 24);
    *at = (uint64_t)sum;
    return MEMORY;
}
#else
static inline enum operand memory_operand(const unsigned char *code,
                                          const registers *r, uint64_t *at)
{
    (void)code, (void)r, (void)at;
    return UNSURE;
}
#endif

#endif
