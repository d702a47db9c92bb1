package dev.evertoken.adapter.journal;

import java.io.IOException;

/** The disk gave back other bytes than were written: this record is lost, whoever has the keys. */
final class DamagedRecord extends IOException {

  private static final long serialVersionUID = 1L;

  DamagedRecord() {
    super("a record is damaged");
  }
}
