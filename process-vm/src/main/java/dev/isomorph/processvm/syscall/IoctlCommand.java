package dev.isomorph.processvm.syscall;

/**
 * The ioctl(2) requests that go through to the host: number (the same on both architectures, as are
 * the structures) and what the third argument is.
 */
enum IoctlCommand {
  TCGETS(0x5401, Argument.POINTER),
  TCSETS(0x5402, Argument.POINTER),
  TCSETSW(0x5403, Argument.POINTER),
  TCSETSF(0x5404, Argument.POINTER),
  TCGETA(0x5405, Argument.POINTER),
  TCSETA(0x5406, Argument.POINTER),
  TCSETAW(0x5407, Argument.POINTER),
  TCSETAF(0x5408, Argument.POINTER),
  TCSBRK(0x5409, Argument.VALUE),
  TCXONC(0x540a, Argument.VALUE),
  TCFLSH(0x540b, Argument.VALUE),
  TIOCEXCL(0x540c, Argument.VALUE),
  TIOCNXCL(0x540d, Argument.VALUE),
  TIOCSCTTY(0x540e, Argument.VALUE),
  TIOCGPGRP(0x540f, Argument.GROUP),
  TIOCSPGRP(0x5410, Argument.NEW_GROUP),
  TIOCOUTQ(0x5411, Argument.POINTER),
  TIOCSTI(0x5412, Argument.POINTER),
  TIOCGWINSZ(0x5413, Argument.POINTER),
  TIOCSWINSZ(0x5414, Argument.POINTER),
  TIOCMGET(0x5415, Argument.POINTER),
  TIOCMBIS(0x5416, Argument.POINTER),
  TIOCMBIC(0x5417, Argument.POINTER),
  TIOCMSET(0x5418, Argument.POINTER),
  TIOCGSOFTCAR(0x5419, Argument.POINTER),
  TIOCSSOFTCAR(0x541a, Argument.POINTER),
  FIONREAD(0x541b, Argument.POINTER),
  TIOCCONS(0x541d, Argument.VALUE),
  TIOCGSERIAL(0x541e, Argument.POINTER),
  TIOCSSERIAL(0x541f, Argument.POINTER),
  TIOCPKT(0x5420, Argument.POINTER),
  FIONBIO(0x5421, Argument.POINTER),
  TIOCNOTTY(0x5422, Argument.VALUE),
  TIOCSETD(0x5423, Argument.POINTER),
  TIOCGETD(0x5424, Argument.POINTER),
  TCSBRKP(0x5425, Argument.VALUE),
  TIOCSBRK(0x5427, Argument.VALUE),
  TIOCCBRK(0x5428, Argument.VALUE),
  TIOCGSID(0x5429, Argument.POINTER),
  TCGETS2(0x802c542a, Argument.POINTER),
  TCSETS2(0x402c542b, Argument.POINTER),
  TCSETSW2(0x402c542c, Argument.POINTER),
  TCSETSF2(0x402c542d, Argument.POINTER),
  TIOCGPTN(0x80045430, Argument.POINTER),
  TIOCSPTLCK(0x40045431, Argument.POINTER),
  TIOCGDEV(0x80045432, Argument.POINTER),
  TIOCSIG(0x40045436, Argument.VALUE),
  TIOCVHANGUP(0x5437, Argument.VALUE),
  TIOCGPKT(0x80045438, Argument.POINTER),
  TIOCGPTLCK(0x80045439, Argument.POINTER),
  TIOCGEXCL(0x80045440, Argument.POINTER),
  TIOCGPTPEER(0x5441, Argument.NEW_DESCRIPTOR),
  FIONCLEX(0x5450, Argument.VALUE),
  FIOCLEX(0x5451, Argument.VALUE),
  FIOASYNC(0x5452, Argument.POINTER),
  TIOCSERGETLSR(0x5459, Argument.POINTER),
  TIOCGICOUNT(0x545d, Argument.POINTER),
  FIOQSIZE(0x5460, Argument.POINTER),
  FIOSETOWN(0x8901, Argument.POINTER),
  SIOCSPGRP(0x8902, Argument.POINTER),
  FIOGETOWN(0x8903, Argument.POINTER),
  SIOCGPGRP(0x8904, Argument.POINTER),
  SIOCATMARK(0x8905, Argument.POINTER),
  SIOCGSTAMP(0x8906, Argument.POINTER),
  SIOCGSTAMPNS(0x8907, Argument.POINTER),
  SIOCGIFNAME(0x8910, Argument.POINTER),
  SIOCGIFCONF(0x8912, Argument.INTERFACE_LIST),
  SIOCGIFFLAGS(0x8913, Argument.POINTER),
  SIOCSIFFLAGS(0x8914, Argument.POINTER),
  SIOCGIFADDR(0x8915, Argument.POINTER),
  SIOCGIFDSTADDR(0x8917, Argument.POINTER),
  SIOCGIFBRDADDR(0x8919, Argument.POINTER),
  SIOCGIFNETMASK(0x891b, Argument.POINTER),
  SIOCGIFMETRIC(0x891d, Argument.POINTER),
  SIOCGIFMTU(0x8921, Argument.POINTER),
  SIOCGIFHWADDR(0x8927, Argument.POINTER),
  SIOCGIFINDEX(0x8933, Argument.POINTER),
  SIOCGIFTXQLEN(0x8942, Argument.POINTER),
  SIOCOUTQNSD(0x894b, Argument.POINTER),
  SIOCGARP(0x8954, Argument.POINTER),
  FIBMAP(0x0001, Argument.POINTER),
  FIGETBSZ(0x0002, Argument.POINTER),
  FIFREEZE(0xc0045877, Argument.VALUE),
  FITHAW(0xc0045878, Argument.VALUE),
  FITRIM(0xc0185879, Argument.POINTER),
  FICLONE(0x40049409, Argument.DESCRIPTOR),
  FICLONERANGE(0x4020940d, Argument.CLONE_RANGE),
  FS_IOC_GETFLAGS(0x80086601, Argument.POINTER),
  FS_IOC_SETFLAGS(0x40086602, Argument.POINTER),
  FS_IOC_GETVERSION(0x80087601, Argument.POINTER),
  FS_IOC_SETVERSION(0x40087602, Argument.POINTER),
  FS_IOC_FIEMAP(0xc020660b, Argument.POINTER),
  FS_IOC_FSGETXATTR(0x801c581f, Argument.POINTER),
  FS_IOC_FSSETXATTR(0x401c5820, Argument.POINTER),
  FS_IOC_GETFSLABEL(0x81009431, Argument.POINTER),
  BLKROGET(0x125e, Argument.POINTER),
  BLKGETSIZE(0x1260, Argument.POINTER),
  BLKFLSBUF(0x1261, Argument.VALUE),
  BLKRAGET(0x1263, Argument.POINTER),
  BLKSSZGET(0x1268, Argument.POINTER),
  BLKIOMIN(0x1278, Argument.POINTER),
  BLKIOOPT(0x1279, Argument.POINTER),
  BLKALIGNOFF(0x127a, Argument.POINTER),
  BLKPBSZGET(0x127b, Argument.POINTER),
  BLKBSZGET(0x80081270, Argument.POINTER),
  BLKGETSIZE64(0x80081272, Argument.POINTER),
  HDIO_GETGEO(0x0301, Argument.POINTER),
  CDROM_GET_CAPABILITY(0x5331, Argument.VALUE),
  RNDGETENTCNT(0x80045200, Argument.POINTER),
  RNDADDTOENTCNT(0x40045201, Argument.POINTER),
  KDGKBTYPE(0x4b33, Argument.POINTER),
  KDGETMODE(0x4b3b, Argument.POINTER),
  KDGKBMODE(0x4b44, Argument.POINTER),
  VT_GETMODE(0x5601, Argument.POINTER),
  VT_GETSTATE(0x5603, Argument.POINTER),
  NS_GET_USERNS(0xb701, Argument.NEW_DESCRIPTOR),
  NS_GET_PARENT(0xb702, Argument.NEW_DESCRIPTOR),
  NS_GET_NSTYPE(0xb703, Argument.VALUE),
  NS_GET_OWNER_UID(0xb704, Argument.POINTER),
  TUNSETIFF(0x400454ca, Argument.POINTER),
  TUNGETIFF(0x800454d2, Argument.POINTER);

  /** What the third argument is. */
  enum Argument {
    /** A number, or nothing. */
    VALUE,
    /** A pointer to a structure without pointers. */
    POINTER,
    /** A pointer to the id of a process group that the call stores. */
    GROUP,
    /** A pointer to the id of a process group. */
    NEW_GROUP,
    /** A descriptor. */
    DESCRIPTOR,
    /** A number; and the result is a new descriptor. */
    NEW_DESCRIPTOR,
    /** A pointer to struct file_clone_range, which starts with a descriptor. */
    CLONE_RANGE,
    /** A pointer to struct ifconf, which holds a pointer. */
    INTERFACE_LIST
  }

  final int number;
  final Argument argument;

  IoctlCommand(int number, Argument argument) {
    this.number = number;
    this.argument = argument;
  }

  private static final IoctlCommand[] ALL = values();

  /** Returns the request with this number, null if it is none of these. */
  static IoctlCommand of(int number) {
    for (IoctlCommand command : ALL) {
      if (command.number == number) {
        return command;
      }
    }
    return null;
  }
}
