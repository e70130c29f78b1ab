package dev.isomorph.tools.boot;

import dev.isomorph.systemvm.options.CharacterBackend;
import dev.isomorph.systemvm.options.DriveOptions;
import dev.isomorph.systemvm.options.MachineOptions;
import dev.isomorph.systemvm.options.MachineOptions.Bus;
import dev.isomorph.systemvm.options.NetworkOptions;
import dev.isomorph.systemvm.options.VirtioOptions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** What is plugged in where: the values of {@code --device}, and what is there without. */
final class DeviceList {
  private static final String OPTION = "--device";
  private static final String BUS = "virtio-mmio-bus.";
  private static final Pattern MAC = Pattern.compile("\\p{XDigit}{2}(:\\p{XDigit}{2}){5}");
  private static final Pattern PCI_DEVICE = Pattern.compile("(?:0x)?(\\p{XDigit}{1,2})(?:\\.0)?");
  private static final long FIRST_MAC = 0x52_54_00_12_34_56L;
  private static final int HEX = 16;

  private static final String IN_MEMORY = "-device";
  private static final String ON_PCI = "-pci";
  private static final String PCI_BUS = "pcie.0";

  /** A device and the place of a bus it asks for, -1 for any. */
  private record Wish(VirtioOptions device, Bus bus, int place) {
    MachineOptions.Slot at(int chosen) {
      return new MachineOptions.Slot(bus, chosen, device);
    }
  }

  private final Map<String, Function<KeyValues, VirtioOptions>> kinds =
      Map.of(
          "virtio-blk-device", this::block,
          "virtio-net-device", this::net,
          "virtio-rng-device", _ -> new VirtioOptions.Rng(),
          "virtio-balloon-device", _ -> new VirtioOptions.Balloon(),
          "virtconsole", this::console);

  private final Map<String, DriveOptions> drives = new LinkedHashMap<>();
  private final Map<String, NetworkOptions> networks = new LinkedHashMap<>();
  private final Map<String, CharacterBackend> backends = new LinkedHashMap<>();
  private final Set<String> used = new HashSet<>();
  private final List<Wish> wishes = new ArrayList<>();
  private final List<VirtioOptions> last = new ArrayList<>();
  private final long firstMac;
  private int cards;

  /**
   * An empty list.
   *
   * @param machine which of several machines it is for, so that each card has its own address
   */
  DeviceList(int machine) {
    firstMac = FIRST_MAC + ((long) machine << Byte.SIZE);
  }

  /** There is such a drive. */
  void addDrive(DriveText drive) {
    define("--drive", drives, drive.drive().id(), drive.drive());
    if (drive.attached()) {
      last.add(new VirtioOptions.Block(use(drive.drive().id(), drive.drive())));
    }
  }

  /** There is such a network. */
  void addNetwork(NetworkOptions network) {
    define("--netdev", networks, network.id(), network);
  }

  /** There is such a backend. */
  void addBackend(CharacterText.Named named) {
    define("--chardev", backends, named.id(), named.backend());
  }

  /** There is such a folder. */
  void addFolder(VirtioOptions.Folder folder) {
    wishes.add(new Wish(folder, Bus.MMIO, -1));
  }

  private static <T> void define(String option, Map<String, T> all, String id, T one) {
    if (all.put(id, one) != null) {
      throw new IllegalArgumentException(option + " has id=" + id + " twice");
    }
  }

  /** There is such a device; what it names must be there already. */
  void addDevice(String text) {
    KeyValues values = KeyValues.parse(OPTION, text, true);
    boolean onPci = values.kind().endsWith(ON_PCI);
    Function<KeyValues, VirtioOptions> kind =
        kinds.get(onPci ? values.kind().replace(ON_PCI, IN_MEMORY) : values.kind());
    if (kind == null) {
      throw new IllegalArgumentException(
          "--device takes "
              + String.join(", ", kinds.keySet().stream().sorted().toList())
              + " or one that ends with -pci, not '"
              + values.kind()
              + "'");
    }
    values.get("id", "");
    VirtioOptions device = kind.apply(values);
    wishes.add(
        onPci
            ? new Wish(device, Bus.PCI, pciDevice(values))
            : new Wish(device, Bus.MMIO, slot(values.get("bus", ""))));
    values.finish();
  }

  /** As qemu has it, hexadecimal. */
  private static int pciDevice(KeyValues values) {
    values.oneOf("bus", PCI_BUS);
    String text = values.get("addr", "");
    if (text.isEmpty()) {
      return -1;
    }
    Matcher number = PCI_DEVICE.matcher(text);
    int device = number.matches() ? Integer.parseInt(number.group(1), HEX) : 0;
    if (device < 1 || device >= MachineOptions.PCI_DEVICES) {
      throw new IllegalArgumentException("--device takes addr=1 to 1f, not '" + text + "'");
    }
    return device;
  }

  private static int slot(String bus) {
    if (bus.isEmpty()) {
      return -1;
    }
    for (int i = 0; i < MachineOptions.SLOTS; i++) {
      if (bus.equals(BUS + i)) {
        return i;
      }
    }
    throw new IllegalArgumentException(
        "--device takes bus=" + BUS + "0 to " + (MachineOptions.SLOTS - 1) + ", not '" + bus + "'");
  }

  private VirtioOptions block(KeyValues values) {
    return new VirtioOptions.Block(named(drives, "drive", values));
  }

  private VirtioOptions net(KeyValues values) {
    NetworkOptions network = named(networks, "netdev", values);
    String mac = values.get("mac", "");
    return mac.isEmpty() ? card(network) : new VirtioOptions.Net(network, mac(mac));
  }

  private VirtioOptions card(NetworkOptions network) {
    return new VirtioOptions.Net(network, firstMac + cards++);
  }

  private static long mac(String text) {
    if (!MAC.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "--device takes a mac= such as 52:54:00:12:34:56, not '" + text + "'");
    }
    return Long.parseLong(text.replace(":", ""), HEX);
  }

  private VirtioOptions console(KeyValues values) {
    return new VirtioOptions.Console(named(backends, "chardev", values));
  }

  private <T> T named(Map<String, T> all, String key, KeyValues values) {
    String id = values.require(key);
    T found = all.get(id);
    if (found == null) {
      throw new IllegalArgumentException("--device names " + key + "=" + id + ": there is none");
    }
    return use(id, found);
  }

  private <T> T use(String id, T thing) {
    if (!used.add(thing.getClass().getSimpleName() + id)) {
      throw new IllegalArgumentException("two devices use " + id);
    }
    return thing;
  }

  /**
   * All devices in their places: those who ask for one there, the others as qemu has them, in
   * memory from the highest down, on PCI from the lowest up. Networks that no device names have a
   * card of their own.
   */
  List<MachineOptions.Slot> slots() {
    for (Map.Entry<String, DriveOptions> each : drives.entrySet()) {
      if (!used.contains(DriveOptions.class.getSimpleName() + each.getKey())) {
        throw new IllegalArgumentException("no --device uses the drive " + each.getKey());
      }
    }
    List<Wish> all = new ArrayList<>(wishes);
    last.forEach(each -> all.add(new Wish(each, Bus.MMIO, -1)));
    for (NetworkOptions each : networks.values()) {
      if (used.add(each.getClass().getSimpleName() + each.id())) {
        all.add(new Wish(card(each), Bus.MMIO, -1));
      }
    }
    return place(all);
  }

  private static List<MachineOptions.Slot> place(List<Wish> wishes) {
    NavigableMap<Integer, Wish> inMemory = places(Bus.MMIO, 0, MachineOptions.SLOTS, wishes);
    NavigableMap<Integer, Wish> onPci = places(Bus.PCI, 1, MachineOptions.PCI_DEVICES, wishes);
    List<MachineOptions.Slot> slots = new ArrayList<>();
    inMemory.forEach((place, wish) -> slots.add(wish.at(place)));
    onPci.forEach((place, wish) -> slots.add(wish.at(place)));
    return slots;
  }

  /** Who is where on a bus that has the places from {@code first} to before {@code end}. */
  private static NavigableMap<Integer, Wish> places(
      Bus bus, int first, int end, List<Wish> wishes) {
    NavigableMap<Integer, Wish> places = new TreeMap<>();
    NavigableSet<Integer> free = new TreeSet<>(IntStream.range(first, end).boxed().toList());
    List<Wish> anywhere = new ArrayList<>();
    for (Wish each : wishes) {
      if (each.bus != bus) {
        continue;
      }
      if (each.place < 0) {
        anywhere.add(each);
      } else if (!free.remove(each.place)) {
        throw new IllegalArgumentException("two devices at " + each.at(each.place).place());
      } else {
        places.put(each.place, each);
      }
    }
    for (Wish each : anywhere) {
      Integer place = bus == Bus.PCI ? free.pollFirst() : free.pollLast();
      if (place == null) {
        throw new IllegalArgumentException(
            "the board has places for " + (end - first) + " devices");
      }
      places.put(place, each);
    }
    return places;
  }
}
