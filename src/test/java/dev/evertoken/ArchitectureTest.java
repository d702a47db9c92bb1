package dev.evertoken;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * {@code domain ← port ← app ← {adapter.*, wire, bus, verticle, http} ← boot}; dev only from boot.
 */
@AnalyzeClasses(packages = "dev.evertoken", importOptions = MainClasses.class)
final class ArchitectureTest {
  @ArchTest
  static final ArchRule dependenciesPointInwards =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .withOptionalLayers(true)
          .layer("domain")
          .definedBy("dev.evertoken.domain..")
          .layer("port")
          .definedBy("dev.evertoken.port..")
          .layer("app")
          .definedBy("dev.evertoken.app..")
          .layer("adapter")
          .definedBy("dev.evertoken.adapter..")
          .layer("wire")
          .definedBy("dev.evertoken.wire..")
          .layer("bus")
          .definedBy("dev.evertoken.bus..")
          .layer("http")
          .definedBy("dev.evertoken.http..")
          .layer("verticle")
          .definedBy("dev.evertoken.verticle..")
          .layer("boot")
          .definedBy("dev.evertoken.boot..")
          .layer("dev")
          .definedBy("dev.evertoken.dev..")
          .whereLayer("domain")
          .mayNotAccessAnyLayer()
          .whereLayer("port")
          .mayOnlyAccessLayers("domain")
          .whereLayer("app")
          .mayOnlyAccessLayers("domain", "port")
          .whereLayer("adapter")
          .mayOnlyAccessLayers("domain", "port", "app", "wire", "bus")
          .whereLayer("wire")
          .mayOnlyAccessLayers("domain", "port", "app")
          .whereLayer("bus")
          .mayOnlyAccessLayers("domain", "port", "app", "wire")
          .whereLayer("http")
          .mayOnlyAccessLayers("domain", "port", "app", "wire", "bus")
          .whereLayer("verticle")
          .mayOnlyAccessLayers("domain", "port", "app", "wire", "bus", "http")
          .whereLayer("dev")
          .mayOnlyBeAccessedByLayers("boot")
          .whereLayer("boot")
          .mayNotBeAccessedByAnyLayer();

  @ArchTest
  static final ArchRule everyClassHasItsPlace =
      classes()
          .should()
          .resideInAnyPackage(
              "dev.evertoken.domain..",
              "dev.evertoken.port..",
              "dev.evertoken.app..",
              "dev.evertoken.adapter..",
              "dev.evertoken.wire..",
              "dev.evertoken.bus..",
              "dev.evertoken.http..",
              "dev.evertoken.verticle..",
              "dev.evertoken.boot..",
              "dev.evertoken.dev..");

  @ArchTest
  static final ArchRule adaptersDoNotKnowEachOther =
      slices().matching("dev.evertoken.adapter.(*)..").should().notDependOnEachOther();

  @ArchTest
  static final ArchRule packagesAreFreeOfCycles =
      slices().matching("dev.evertoken.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule theDomainKnowsNothingButJava =
      classes()
          .that()
          .resideInAPackage("dev.evertoken.domain..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("dev.evertoken.domain..", "java..", "org.jspecify..");

  @ArchTest
  static final ArchRule portsAndUseCasesKnowNoTechnology =
      classes()
          .that()
          .resideInAnyPackage("dev.evertoken.port..", "dev.evertoken.app..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "dev.evertoken.domain..",
              "dev.evertoken.port..",
              "dev.evertoken.app..",
              "java..",
              // Futures and bounded maps: data structures, no way out of the process.
              "io.vertx.core",
              "com.github.benmanes.caffeine.cache",
              "org.jspecify..",
              "org.slf4j..");

  @ArchTest
  static final ArchRule jdbcIsForMigrationsOnly =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.evertoken.adapter.postgres..", "dev.evertoken.dev..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.sql..", "javax.sql..", "org.postgresql..", "org.flywaydb..");
}
