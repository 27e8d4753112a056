/**
 * The web server of static sites. It runs inside instances, from a jar made of this package alone: nothing here may use
 * anything but the JDK.
 */
@NullMarked
package holt.stager.site;

import org.jspecify.annotations.NullMarked;
