using Orlop.Abstractions.Images;

namespace Orlop.Registry.Store;

/// <summary>An image as the store keeps it and as everybody sees it.</summary>
internal sealed record StoredImage(ImageRecord Record, Image Image);
