// SPDX-License-Identifier: Apache-2.0
// Gives up, for the rest of this process, what a reader of files has no use for.
#include "io/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <glib.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

#if defined(__x86_64__)
#define MACHINE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define MACHINE AUDIT_ARCH_AARCH64
#endif

#ifdef MACHINE

#define OFFSET(member) ((unsigned)offsetof(struct seccomp_data, member))
#define REFUSE BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM)
#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

// Calls that are refused whatever their arguments. Those not of every machine are left out there.
static const unsigned refused[] = {
    SYS_socket,
    SYS_socketpair,
    SYS_connect,
    SYS_bind,
    SYS_listen,
    SYS_execve,
    SYS_execveat,
    SYS_ptrace,
    SYS_process_vm_readv,
    SYS_process_vm_writev,
    SYS_kill,
    SYS_unlinkat,
    SYS_renameat2,
    SYS_mkdirat,
    SYS_linkat,
    SYS_symlinkat,
    SYS_mknodat,
    SYS_fchmod,
    SYS_fchmodat,
    SYS_truncate,
    SYS_mount,
    SYS_bpf,
    SYS_keyctl,
    SYS_openat2,
    SYS_io_uring_setup,
#ifdef SYS_open // the old calls that take a name alone
    SYS_fork,
    SYS_vfork,
    SYS_unlink,
    SYS_rename,
    SYS_renameat,
    SYS_mkdir,
    SYS_rmdir,
    SYS_link,
    SYS_symlink,
    SYS_mknod,
    SYS_chmod,
    SYS_creat,
#endif
};

#define OTHER_CALLS 0x40000000u // from here on are the calls of x32, a second way to each
#define WRITING (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC)

// Two instructions a call: refuse it if it is this one.
#define CHECKS (2 * G_N_ELEMENTS(refused))
#define HEAD 6
#define TAIL 9

void hp_sandbox_enter(void)
{
    struct sock_filter code[HEAD + CHECKS + TAIL];
    unsigned at = 0;
    // Another machine's calls have other numbers: refuse them all.
    code[at++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, OFFSET(arch));
    code[at++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, MACHINE, 1, 0);
    code[at++] = (struct sock_filter)REFUSE;
    code[at++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, OFFSET(nr));
    code[at++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, OTHER_CALLS, 0, 1);
    code[at++] = (struct sock_filter)REFUSE;
    for (size_t n = 0; n < G_N_ELEMENTS(refused); n++) {
        code[at++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, refused[n], 0, 1);
        code[at++] = (struct sock_filter)REFUSE;
    }
    // Opening to write is refused by its flags: the third argument of openat, the second of open.
    code[at++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat, 2, 0);
#ifdef SYS_open
    code[at++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_open, 3, 0);
#else
    code[at++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
#endif
    code[at++] = (struct sock_filter)ALLOW;
    code[at++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, OFFSET(args[2]));
    code[at++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JA, 1, 0, 0);
    code[at++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, OFFSET(args[1]));
    code[at++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, WRITING, 0, 1);
    code[at++] = (struct sock_filter)REFUSE;
    code[at++] = (struct sock_filter)ALLOW;
    g_assert(at == G_N_ELEMENTS(code));

    const struct sock_fprog program = {.len = (unsigned short)at, .filter = code};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

#else

void hp_sandbox_enter(void)
{
}

#endif
