// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/helper/confine.h"

#include <QtGlobal>

#ifdef Q_OS_UNIX
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#endif
#ifdef Q_OS_LINUX
#include <cstddef>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <vector>
#endif

namespace kittiwake::helper
{

namespace
{

#ifdef Q_OS_UNIX
template <typename Resource>
void limit(Resource what, rlim_t most)
{
    const rlimit value{most, most};
    setrlimit(what, &value);
}
#endif

#ifdef Q_OS_LINUX
/** The calls that answer "not permitted" from now on; all others stay. */
void denyCalls()
{
    const std::vector<long> denied{
        SYS_socket,
        SYS_socketpair,
        SYS_connect,
        SYS_bind,
        SYS_listen,
        SYS_sendto,
        SYS_sendmsg,
        SYS_execve,
        SYS_execveat,
        SYS_ptrace,
        SYS_process_vm_readv,
        SYS_process_vm_writev,
        SYS_unlinkat,
        SYS_renameat2,
        SYS_mkdirat,
        SYS_linkat,
        SYS_symlinkat,
        SYS_fchmodat,
        SYS_fchownat,
        SYS_truncate,
        SYS_mount,
        SYS_umount2,
        SYS_pivot_root,
        SYS_chroot,
        SYS_setns,
        SYS_unshare,
        SYS_bpf,
        SYS_keyctl,
        SYS_add_key,
        SYS_perf_event_open,
#ifdef SYS_unlink
        SYS_unlink,
        SYS_rename,
        SYS_mkdir,
        SYS_rmdir,
        SYS_link,
        SYS_symlink,
        SYS_chmod,
        SYS_chown,
        SYS_creat,
#endif
    };
    std::vector<sock_filter> program;
    program.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)));
    for (const long call : denied) {
        program.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<__u32>(call), 0, 1));
        program.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM));
    }
    program.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0);
}
#endif

} // namespace

void confine()
{
#ifdef Q_OS_UNIX
    constexpr rlim_t memory = rlim_t{1} << 30;
    limit(RLIMIT_AS, memory);
    limit(RLIMIT_CPU, 10); // seconds
    limit(RLIMIT_FSIZE, 0);
    signal(SIGXFSZ, SIG_IGN); // an error for whoever tries, not the end
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_NOFILE, 128);
#endif
#ifdef Q_OS_LINUX
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    denyCalls();
#endif
}

Freedom freedom()
{
    Freedom left;
#ifdef Q_OS_UNIX
    const int handle = socket(AF_INET, SOCK_STREAM, 0);
    left.sockets = handle >= 0;
    if (handle >= 0)
        close(handle);
    // A file without a name needs no folder of ours; one octet tells.
    if (std::FILE *file = std::tmpfile()) {
        left.files = std::fputc('x', file) != EOF && std::fflush(file) == 0;
        std::fclose(file);
    }
    // Comes back only where it is not permitted, or not there.
    char name[] = "/bin/true"; // NOLINT(modernize-avoid-c-arrays)
    char *const arguments[] = {name, nullptr}; // NOLINT(modernize-avoid-c-arrays)
    execv(name, arguments);
    left.programs = errno != EPERM;
#endif
    return left;
}

} // namespace kittiwake::helper
