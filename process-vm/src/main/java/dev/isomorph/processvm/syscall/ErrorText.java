package dev.isomorph.processvm.syscall;

/** What the error numbers mean, in the words of the C library (strerror(3)). */
final class ErrorText {
  private ErrorText() {}

  private static final String[] TEXTS = {
    "Success",
    "Operation not permitted",
    "No such file or directory",
    "No such process",
    "Interrupted system call",
    "Input/output error",
    "No such device or address",
    "Argument list too long",
    "Exec format error",
    "Bad file descriptor",
    "No child processes",
    "Resource temporarily unavailable",
    "Cannot allocate memory",
    "Permission denied",
    "Bad address",
    "Block device required",
    "Device or resource busy",
    "File exists",
    "Invalid cross-device link",
    "No such device",
    "Not a directory",
    "Is a directory",
    "Invalid argument",
    "Too many open files in system",
    "Too many open files",
    "Inappropriate ioctl for device",
    "Text file busy",
    "File too large",
    "No space left on device",
    "Illegal seek",
    "Read-only file system",
    "Too many links",
    "Broken pipe",
    "Numerical argument out of domain",
    "Numerical result out of range",
    "Resource deadlock avoided",
    "File name too long",
    "No locks available",
    "Function not implemented",
    "Directory not empty",
    "Too many levels of symbolic links",
  };

  static String of(int errno) {
    if (errno < TEXTS.length) {
      return TEXTS[errno];
    }
    return switch (errno) {
      case 42 -> "No message of desired type";
      case 43 -> "Identifier removed";
      case 61 -> "No data available";
      case 62 -> "Timer expired";
      case 71 -> "Protocol error";
      case 75 -> "Value too large for defined data type";
      case 84 -> "Invalid or incomplete multibyte or wide character";
      case 88 -> "Socket operation on non-socket";
      case 89 -> "Destination address required";
      case 90 -> "Message too long";
      case 91 -> "Protocol wrong type for socket";
      case 92 -> "Protocol not available";
      case 93 -> "Protocol not supported";
      case 94 -> "Socket type not supported";
      case 95 -> "Operation not supported";
      case 96 -> "Protocol family not supported";
      case 97 -> "Address family not supported by protocol";
      case 98 -> "Address already in use";
      case 99 -> "Cannot assign requested address";
      case 100 -> "Network is down";
      case 101 -> "Network is unreachable";
      case 103 -> "Software caused connection abort";
      case 104 -> "Connection reset by peer";
      case 105 -> "No buffer space available";
      case 106 -> "Transport endpoint is already connected";
      case 107 -> "Transport endpoint is not connected";
      case 110 -> "Connection timed out";
      case 111 -> "Connection refused";
      case 113 -> "No route to host";
      case 114 -> "Operation already in progress";
      case 115 -> "Operation now in progress";
      case 122 -> "Disk quota exceeded";
      case 125 -> "Operation canceled";
      case 130 -> "Owner died";
      case 131 -> "State not recoverable";
      default -> "Error " + errno;
    };
  }
}
