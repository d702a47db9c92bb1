/** Three nodes under random faults, judged by the ledger of the provider. */
@NullMarked
package dev.evertoken.chaos;

import org.jspecify.annotations.NullMarked;
