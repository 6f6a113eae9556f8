//! Contents of this layer.
