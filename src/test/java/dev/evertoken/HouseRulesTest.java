package dev.evertoken;

import static com.tngtech.archunit.core.domain.JavaModifier.FINAL;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The habits of the house that a machine can hold. */
@AnalyzeClasses(packages = "dev.evertoken", importOptions = MainClasses.class)
final class HouseRulesTest {
  private static final int LONGEST_FILE = 300;

  @ArchTest
  static final ArchRule noStaticFieldCanChange = fields().that().areStatic().should().beFinal();

  @ArchTest
  static final ArchRule noStaticFieldHoldsStateThatChanges =
      noFields()
          .that()
          .areStatic()
          .should()
          .haveRawType(AtomicBoolean.class)
          .orShould()
          .haveRawType(AtomicInteger.class)
          .orShould()
          .haveRawType(AtomicLong.class)
          .orShould()
          .haveRawType(AtomicReference.class)
          .orShould()
          .haveRawType("java.util.concurrent.ConcurrentHashMap")
          .orShould()
          .haveRawType("java.util.concurrent.ConcurrentMap");

  @ArchTest
  static final ArchRule secretsAreSecrets =
      noFields()
          .that()
          .areDeclaredInClassesThat()
          .resideOutsideOfPackage("dev.evertoken.dev..")
          .and()
          .haveNameMatching("(?i).*(accesstoken|refreshtoken|secret|password|apikey)")
          .and()
          .areNotStatic()
          .should()
          .haveRawType(String.class);

  @ArchTest
  static final ArchRule classesAreFinalUnlessTheyAreSealedOrAbstract =
      classes()
          .that()
          .areNotInterfaces()
          .and()
          .areNotEnums()
          .and()
          .doNotHaveModifier(JavaModifier.ABSTRACT)
          .and(are(notSealed()))
          .should()
          .haveModifier(FINAL);

  @ArchTest
  static final ArchRule namesSayWhatAThingIs =
      noClasses()
          .should()
          .haveNameMatching(".*\\.(Abstract|Base)[A-Z]\\w*")
          .orShould()
          .haveNameMatching(".*(Manager|Helpers?|Utils?|Impl|Base)");

  @ArchTest
  static final ArchRule packagesAreNullMarked = classes().should(new BeInANullMarkedPackage());

  @ArchTest
  static final ArchRule logsGoThroughSlf4j =
      noClasses().should().dependOnClassesThat().resideInAPackage("java.util.logging..");

  @ArchTest
  static final ArchRule onlyCommandsWriteToStandardStreams =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.evertoken.boot..", "dev.evertoken.dev..")
          .should(ACCESS_STANDARD_STREAMS);

  @ArchTest
  static final ArchRule timeIsGiven =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.evertoken.boot..", "dev.evertoken.dev..")
          .should()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(Clock.class, "systemUTC");

  @ArchTest
  static final ArchRule nothingSleepsOrWaits =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.evertoken.boot..", "dev.evertoken.dev..")
          .should()
          .callMethod(Thread.class, "sleep", long.class)
          .orShould()
          .callMethod(Thread.class, "sleep", java.time.Duration.class)
          .orShould()
          .callMethod(Future.class, "await");

  @Test
  void filesAreShort() throws IOException {
    try (var files = Files.walk(Path.of("src"))) {
      assertThat(files.filter(file -> file.toString().endsWith(".java")))
          .filteredOn(file -> codeLines(file) > LONGEST_FILE)
          .isEmpty();
    }
  }

  private static long codeLines(Path file) {
    try (var lines = Files.lines(file)) {
      return lines.map(String::strip).filter(HouseRulesTest::isCode).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isCode(String line) {
    return !line.isEmpty() && !line.startsWith("*") && !line.startsWith("/");
  }

  private static DescribedPredicate<JavaClass> notSealed() {
    return DescribedPredicate.describe(
        "not sealed", type -> !type.isAnonymousClass() && !type.reflect().isSealed());
  }

  private static final class BeInANullMarkedPackage extends ArchCondition<JavaClass> {
    private BeInANullMarkedPackage() {
      super("be in a package whose package-info is @NullMarked");
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
      var marked = type.getPackage().isAnnotatedWith(NullMarked.class);
      events.add(
          new SimpleConditionEvent(
              type, marked, type.getPackageName() + " has no @NullMarked package-info"));
    }
  }
}
