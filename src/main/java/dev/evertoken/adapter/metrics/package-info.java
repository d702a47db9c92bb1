/** The metrics of one node: Micrometer, told in Prometheus' text format. */
@NullMarked
package dev.evertoken.adapter.metrics;

import org.jspecify.annotations.NullMarked;
