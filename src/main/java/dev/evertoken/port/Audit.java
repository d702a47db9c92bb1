package dev.evertoken.port;

import dev.evertoken.domain.Caller;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who changed what; written behind, never failing the change. */
public interface Audit {

  /** Records a change; the facts are small public values, no secret. */
  void changed(Caller caller, String action, @Nullable Long account, Map<String, String> facts);

  /** Counts a token read of that caller and account. */
  void tokenRead(Caller caller, long account);
}
