/** Encryption of what is stored, and keyed fingerprints, with Tink and the JDK's MAC. */
@NullMarked
package dev.evertoken.adapter.crypto;

import org.jspecify.annotations.NullMarked;
