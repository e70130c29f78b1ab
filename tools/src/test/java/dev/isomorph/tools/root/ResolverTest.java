package dev.isomorph.tools.root;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ResolverTest {
  private static final String INDEX =
      """
      Package: app
      Version: 2.0
      Pre-Depends: base
      Depends: lib (>= 1.1), missing | shell, mail-service

      Package: base
      Version: 1

      Package: lib
      Version: 1.2
      Depends: base (>= 1), lib-data (= 1.2)

      Package: lib-data
      Version: 1.2
      Depends: lib

      Package: shell
      Version: 3

      Package: postman
      Version: 1
      Provides: mail-service

      Package: courier
      Version: 1
      Provides: mail-service (= 4)
      Conflicts: mail-service

      Package: picky
      Version: 1
      Depends: mail-service (>= 3)

      Package: stuck
      Version: 1
      Depends: lib (>> 9) | nowhere

      Package: newlib
      Version: 1
      Breaks: lib (<< 1.2)

      """;

  private static List<String> resolve(String installed, String... requests) throws Exception {
    List<DebianPackage> present =
        installed.isEmpty()
            ? List.of()
            : List.of(installed.split("\n\n")).stream().map(DebianPackage::parse).toList();
    PackageIndex index = new PackageIndex(INDEX.getBytes(StandardCharsets.UTF_8));
    return new Resolver(index, present)
        .resolve(List.of(requests)).stream().map(DebianPackage::toString).toList();
  }

  @Test
  void dependenciesComeFirstAndCyclesEnd() throws Exception {
    assertEquals(
        List.of("base 1", "lib-data 1.2", "lib 1.2", "shell 3", "courier 1", "app 2.0"),
        resolve("", "app"));
  }

  @Test
  void aProviderAlreadyPresentIsEnough() throws Exception {
    assertEquals(
        List.of("postman 1", "base 1", "lib-data 1.2", "lib 1.2", "shell 3", "app 2.0"),
        resolve("", "postman", "app"));
  }

  @Test
  void onlyVersionedProvidesSatisfyVersions() throws Exception {
    assertEquals(List.of("courier 1", "picky 1"), resolve("", "picky"));
  }

  @Test
  void installedPackagesStayUnlessTooOld() throws Exception {
    String old = "Package: lib\nVersion: 1.1\n\nPackage: base\nVersion: 0\n";
    assertEquals(List.of("shell 3"), resolve(old, "shell"));
    assertEquals(List.of("shell 3", "courier 1", "app 2.0"), resolve(old, "app"));
    String older = "Package: lib\nVersion: 1.0\n\nPackage: base\nVersion: 1\n";
    assertEquals(
        List.of("lib-data 1.2", "lib 1.2", "shell 3", "courier 1", "app 2.0"),
        resolve(older, "app"));
  }

  @Test
  void namedPackagesAreBroughtUpToDate() throws Exception {
    assertEquals(List.of("base 1"), resolve("Package: base\nVersion: 0\n", "base"));
    assertEquals(List.of(), resolve("Package: base\nVersion: 1\n", "base"));
  }

  @Test
  void brokenPackagesAreReplaced() throws Exception {
    String old = "Package: lib\nVersion: 1.1\n\nPackage: base\nVersion: 1\n";
    assertEquals(List.of("lib-data 1.2", "lib 1.2", "newlib 1"), resolve(old, "newlib"));
  }

  @Test
  void whatCannotBeHadIsNamed() {
    assertEquals("no package named nope", message("nope"));
    assertEquals(
        "mail-service is a virtual package; choose one of courier, postman",
        message("mail-service"));
    assertEquals("stuck 1 needs lib (>> 9) or nowhere, which cannot be had", message("stuck"));
    assertEquals("courier 1 conflicts with postman 1", message("postman", "courier"));
  }

  private static String message(String... requests) {
    return assertThrows(RootException.class, () -> resolve("", requests)).getMessage();
  }
}
